/*
 * The protocol between an engine and its workers, as in PROTOCOL.md, for spin. Each step is one access to shared memory,
 * so that workers and the engine meet, and workers die, between any two of them.
 *
 * Sizes and events are macros, which check.mjs sets. OLD_... and BAD_... seed a defect each, which spin has to find.
 *
 * WAKE and the bells count up, and are only ever compared with what they were: here they are bits that say that they
 * changed since they were read. The engine reads the states of a job's strips in one step, since it looks for what only
 * the engine changes: DONE, and in hand of a dead worker.
 */
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef JOBS
#define JOBS 2
#endif
#ifndef STRIPS
#define STRIPS 2
#endif
/* Workers that are killed, at any step. */
#ifndef CRASHES
#define CRASHES 0
#endif
/* Jobs with a smaller number may be aborted, in any turn of the engine's. */
#ifndef ABORTS
#define ABORTS 0
#endif
/* A job fails at this death of a worker at the same strip. */
#ifndef MAX_DEATHS
#define MAX_DEATHS 3
#endif
/*
 * TELLS: the engine is to hear of every strip, not only when none is left. FEEDS: strips are held until the engine opens
 * them, one a turn. DRAINS: the engine takes what strips made, one a turn, when they are done.
 */
/*
 * MAX_FAILURES: so many deaths in a row with no strip in hand the engine puts up with; then it gives workers up and runs
 * strips itself. Where it is not set none is given up, and nobody reads STARTED. STILLBORN: workers may die before they
 * have started, any number of them. STARTS: so many workers can be started in all; to start another one throws.
 */
#ifdef MAX_FAILURES
#define CAN_LIVE (failures <= MAX_FAILURES)
#define BROKEN (!CAN_LIVE && !started)
#else
#define CAN_LIVE true
#define BROKEN false
#endif
/* Each priority has one slot. MIXED: every other job is a batch job; else all are interactive. */
#ifdef MIXED
#define SLOTS 2
#define SHARE 1 /* strips of interactive jobs for one of a batch job */
#define PRIORITY(j) ((j) % 2)
#else
#define SLOTS 1
#define SHARE 0
#define PRIORITY(j) 0
#endif

#define NOBODY 255

/* States of a strip; w + 1 is in hand of worker w. */
#define DONE 0
#define FREE 254
#define HELD 252
#define TAKEN 253 /* OLD_TAKE: in hand, but not yet said of whom */

#define AT(s, i) ((s) * STRIPS + (i))

/* The control block. */
bool wake[WORKERS]; /* WAKE changed since worker w read it */
bool stop;
#ifdef MAX_FAILURES
bool started; /* STARTED is not 0 */
#endif
byte strips[SLOTS];
bool bell[SLOTS]; /* BELL changed since the engine read it */
byte jobOf[SLOTS] = NOBODY; /* JOB, ROWS and the other words that say what to run */
byte state[SLOTS * STRIPS];
byte counted[SLOTS]; /* OLD_DONE, OLD_DONE_TWICE: strips that were counted */

/* Who waits for a notification. */
bool asleep[WORKERS];
bool listening[SLOTS];

/* The engine: one thread, which works in turns; `turn` is held during one. */
bool turn;
bool closed;
byte ownerOf[SLOTS] = NOBODY; /* the call that has a slot */
bool aborted[JOBS];
bool stopped[JOBS]; /* aborted, failed, or closed upon */
byte deaths[SLOTS * STRIPS];
bool missing[WORKERS] = true; /* not started, or dead and not replaced */
bool standsIn[WORKERS]; /* the engine runs strips in its place */
#ifdef MAX_FAILURES
byte failures;
byte told[SLOTS]; /* strips that the engine knows to be done */
#endif
#ifdef STARTS
byte starts = STARTS;
#endif

/* What happens, and what is asserted. */
byte crashes = CRASHES;
bool terminated; /* CLOSE_EARLY: every worker dies or ends */
bool dead[WORKERS]; /* and the engine was not told yet */
byte settled; /* calls that are */
bool returned[JOBS];
byte writers[JOBS * STRIPS];
bool made[JOBS * STRIPS];
byte writing[WORKERS] = NOBODY;
byte passed[SLOTS * WORKERS]; /* strips in a row that a worker took though that slot had one too */
hidden byte x, y;

inline enter() {
  atomic { !turn -> turn = true }
}

inline leave() {
  turn = false
}

inline wakeWorkers() {
  d_step { for (x : 0 .. WORKERS - 1) { wake[x] = true } };
  /* Atomics.notify */
  d_step { for (x : 0 .. WORKERS - 1) { asleep[x] = false } }
}

inline ring(s) {
  bell[s] = true;
  /* Atomics.notify */
  listening[s] = false
}

/* Starts the workers that are missing, unless that fails. */
inline startWorkers() {
  d_step {
    for (x : 0 .. WORKERS - 1) {
      if
      :: missing[x] ->
#ifdef STARTS
         if
         :: starts == 0 -> failures = MAX_FAILURES + 1; break
         :: else -> starts--
         fi;
#endif
         missing[x] = false
      :: else
      fi
    }
  }
}

inline noneLives(none) {
  none = true;
  for (x : 0 .. WORKERS - 1) { none = none && missing[x] }
}

/* How many strips of a slot are in a state. */
inline count(number, slot, what) {
  number = 0;
  for (x : 0 .. STRIPS - 1) { number = number + (state[AT(slot, x)] == what) }
}

/* Lets no further strip of the job in a slot be taken. */
inline stopJob(s, k) {
  stopped[ownerOf[s]] = true;
#ifdef BAD_CLOSE
  strips[s] = 0;
#else
  k = 0;
  do
#ifdef BAD_HELD
  :: d_step { k < STRIPS -> state[AT(s, k)] = (state[AT(s, k)] == FREE -> DONE : state[AT(s, k)]); k++ }
#else
  :: d_step { k < STRIPS -> state[AT(s, k)] = (state[AT(s, k)] == FREE || state[AT(s, k)] == HELD -> DONE : state[AT(s, k)]); k++ }
#endif
  :: k == STRIPS -> break
  od;
#endif
  ring(s)
}

/* Of two jobs that have free strips neither waits for long. */
inline seeShares() {
#ifdef SHARES
  count(y, 0, FREE);
  wasFree[0] = (y > 0 && strips[0] > 0);
  count(y, 1, FREE);
  wasFree[1] = (y > 0 && strips[1] > 0)
#else
  skip
#endif
}

inline checkShares(w, s) {
#ifdef SHARES
  count(y, 1 - s, FREE);
  if
  :: wasFree[1 - s] && y > 0 ->
     passed[w * SLOTS + 1 - s]++;
     assert(passed[w * SLOTS + 1 - s] <= (s == 0 -> SHARE : 1))
  :: else
  fi;
  passed[w * SLOTS + s] = 0
#else
  skip
#endif
}

/* Instead of any access to shared memory a worker may die. */
#define OR_DIE(w) :: atomic { mortal && (crashes > 0 || terminated) -> die(w); goto gone }

inline die(w) {
  crashes = (crashes > 0 -> crashes - 1 : 0);
  if
  :: writing[w] != NOBODY -> writers[writing[w]]--; writing[w] = NOBODY
  :: else
  fi;
  asleep[w] = false;
  dead[w] = true
}

/* Whether no strip of the job is left but, BAD_LAST, the one in hand. */
inline seeLast(w) {
  last = true;
#ifndef TELLS
  if
  OR_DIE(w)
  :: n = strips[s]
  fi;
  do
  :: n > 0 && last ->
     if
     OR_DIE(w)
     :: d_step {
          n--;
#ifdef BAD_LAST
          last = (n == i || state[AT(s, n)] == DONE)
#else
          last = (state[AT(s, n)] == DONE)
#endif
        }
     fi
  :: else -> break
  od
#endif
}

/* Takes, runs and finishes one strip as worker w; `found` says whether there was one. */
inline runStrip(w) {
  d_step { found = false; look = 0; seeShares() };
  do
  :: look < SLOTS && !found ->
     if
     OR_DIE(w)
     :: d_step {
          i = 0;
          s = (taken == SHARE -> SLOTS - 1 - look : look);
#ifdef BAD_PARAMS
          j = jobOf[s];
#endif
          n = strips[s];
          look++
        }
     fi;
     do
     :: i < n && !found ->
        if
        OR_DIE(w)
        :: d_step {
             if
             :: state[AT(s, i)] == FREE ->
                checkShares(w, s);
#ifdef OLD_TAKE
                state[AT(s, i)] = TAKEN;
#else
                state[AT(s, i)] = w + 1;
#endif
                found = true
             :: else -> i++
             fi
           }
        fi
     :: else -> break
     od
  :: else -> break
  od;
  if
  :: found ->
#ifdef OLD_TAKE
     if
     OR_DIE(w)
     :: state[AT(s, i)] = w + 1
     fi;
#endif
     /* Reads what to run and begins to write the strip's rows. */
     if
     OR_DIE(w)
     :: d_step {
#ifndef BAD_PARAMS
          j = jobOf[s];
#endif
          assert(j != NOBODY && !returned[j]);
          assert(writers[AT(j, i)] == 0);
          writers[AT(j, i)]++;
          writing[w] = AT(j, i)
        }
     fi;
     if
     OR_DIE(w)
     :: d_step {
          assert(!returned[j]);
          writers[AT(j, i)]--;
          writing[w] = NOBODY;
          made[AT(j, i)] = true
        }
     fi;
#ifdef OLD_DONE_TWICE
     if
     OR_DIE(w)
     :: counted[s]++
     fi;
#endif
#ifdef BAD_LAST
     seeLast(w);
#endif
     if
     OR_DIE(w)
     :: state[AT(s, i)] = DONE
     fi;
#ifndef BAD_LAST
     seeLast(w);
#endif
#ifdef OLD_DONE
     if
     OR_DIE(w)
     :: counted[s]++
     fi;
#endif
     if
     :: last ->
        if
        OR_DIE(w)
        :: bell[s] = true
        fi;
        if
        OR_DIE(w)
        :: listening[s] = false /* Atomics.notify */
        fi
     :: else
     fi;
     taken = (taken == SHARE -> 0 : taken + 1)
  :: else
  fi;
  d_step { n = 0; i = 0; j = 0; s = 0; look = 0; last = false }
}

#define LOCALS byte s, i, n, j, look, taken; bool found, last, mortal; bool wasFree[2]

proctype Worker(byte w) {
  LOCALS;
gone:
  atomic { d_step { found = false; last = false; n = 0; i = 0; j = 0; s = 0; look = 0; taken = 0; mortal = true } };
end:
  !missing[w] && !dead[w];
#ifdef MAX_FAILURES
  if
  OR_DIE(w)
#ifdef STILLBORN
  :: atomic { die(w); goto gone }
#endif
  :: started = true
  fi;
#endif
  do
  :: true ->
#if !defined(OLD_STOP) && !defined(BAD_WAKE)
     if
     OR_DIE(w)
     :: wake[w] = false
     fi;
#endif
     if
     OR_DIE(w)
     :: stop -> break
     :: !stop
     fi;
#ifdef OLD_STOP
     if
     OR_DIE(w)
     :: wake[w] = false
     fi;
#endif
     runStrip(w);
#ifdef BAD_WAKE
     if
     OR_DIE(w)
     :: wake[w] = false
     fi;
#endif
     if
     :: found
     :: !found ->
        /* Atomics.wait */
        if
        OR_DIE(w)
        :: atomic { asleep[w] = !wake[w] }
        fi;
        if
        OR_DIE(w)
        :: !asleep[w]
        fi
     fi
  od
}

/* The engine knows that so many strips of the job in a slot are done. */
inline hear(slot, done) {
  if
  :: done > told[slot] && !stopped[ownerOf[slot]] -> told[slot] = done; failures = (CAN_LIVE -> 0 : failures)
  :: else
  fi
}

inline standIn(w) {
  if
  :: standsIn[w]
  :: else -> standsIn[w] = true; run StandIn(w)
  fi
}

/* Tells whoever runs strips that there are some. */
inline rouse() {
  wakeWorkers();
#if defined(MAX_FAILURES) && !defined(BAD_ALONE)
  atomic {
    d_step { noneLives(alone) };
    if
    :: alone -> standIn(0)
    :: else
    fi
  }
#endif
}

/* One call, from the moment it asks for a slot until it settles. */
proctype Caller(byte j) {
  byte s = PRIORITY(j);
  byte i, n;
#ifdef MAX_FAILURES
  bool alone;
#endif

  atomic {
    !turn && (ownerOf[s] == NOBODY || aborted[j] || closed) ->
    if
    :: aborted[j] || closed -> goto settle
    :: else -> turn = true; ownerOf[s] = j
    fi;
    if
    :: !BROKEN -> startWorkers()
    :: else
    fi;
    counted[s] = 0
  };

#ifndef BAD_PUBLISH
  jobOf[s] = j;
#endif
  i = 0;
  do
#ifdef FEEDS
  :: d_step { i < STRIPS -> state[AT(s, i)] = HELD; i++ }
#else
  :: d_step { i < STRIPS -> state[AT(s, i)] = FREE; i++ }
#endif
  :: i == STRIPS -> i = 0; break
  od;
#ifdef BAD_PUBLISH
  jobOf[s] = j;
#endif
  strips[s] = STRIPS;
  rouse();

#ifdef FEEDS
  do
  :: i < STRIPS && !aborted[j] ->
     /* The end of this turn, and another. */
     turn = false;
     atomic { !turn -> turn = true };
     if
     :: !aborted[j] ->
#ifdef MAX_FAILURES
        d_step { count(n, s, DONE); hear(s, n) };
#endif
#ifdef BAD_OPEN
        state[AT(s, i)] = FREE;
#else
        state[AT(s, i)] = (state[AT(s, i)] == HELD -> FREE : state[AT(s, i)]);
#endif
#if !defined(BAD_FEED) && !defined(BAD_FEED_ALONE)
        rouse();
#endif
#ifdef BAD_FEED_ALONE
        wakeWorkers();
#endif
        i++
     :: else
     fi
  :: else -> i = 0; n = 0; break
  od;
#endif

#ifdef DRAINS
  do
  :: i < STRIPS && !stopped[j] ->
     bell[s] = false;
     if
     :: state[AT(s, i)] == DONE ->
        assert(made[AT(j, i)]);
        i++;
        turn = false
     :: else -> atomic { listening[s] = !bell[s]; turn = false }
     fi;
     atomic { !listening[s] && !turn -> turn = true }
  :: else -> i = 0; break
  od;
#endif

  do
  :: bell[s] = false;
     d_step {
#if defined(OLD_DONE) || defined(OLD_DONE_TWICE)
       n = counted[s]
#else
       count(n, s, DONE);
#ifdef BAD_CLOSE
       if
       :: stopped[j] -> count(y, s, FREE); n = n + y
       :: else
       fi
#endif
#ifdef BAD_CANCEL
       if
       :: stopped[j] -> n = STRIPS
       :: else
       fi
#endif
#endif
     };
#ifdef MAX_FAILURES
     d_step { hear(s, n) };
#endif
     if
     :: n >= STRIPS -> break
     :: else
     fi;
     /* Atomics.waitAsync, and the end of this turn. */
     atomic { listening[s] = !bell[s]; turn = false };
     atomic { !listening[s] && !turn -> turn = true }
  od;

  /* From here on the job's memory may belong to somebody else. */
  atomic {
    strips[s] = 0;
    for (i : 0 .. STRIPS - 1) {
      assert(stopped[j] || made[AT(j, i)]);
      made[AT(j, i)] = false;
      deaths[AT(s, i)] = 0
    }
    ownerOf[s] = NOBODY;
#ifdef MAX_FAILURES
    told[s] = 0;
#endif
    turn = false;
settle:
    returned[j] = true;
    settled++
  }
}

/* An AbortSignal: fires in some turn or never, also before the call has a slot and after it has settled. */
proctype Aborter(byte j) {
  byte i;
  if
  :: true
  :: enter();
     aborted[j] = true;
     if
     :: ownerOf[PRIORITY(j)] == j -> stopJob(PRIORITY(j), i)
     :: else
     fi;
     leave()
  fi
}

/* What the engine does when it hears of a worker's death. */
proctype Mender() {
  byte w, s, i, k, n;
  bool held;
end:
  do
  :: atomic {
       !turn && (dead[0] || dead[WORKERS - 1]) ->
       turn = true;
       if
       :: dead[0] -> w = 0
       :: dead[WORKERS - 1] -> w = WORKERS - 1
       fi;
       dead[w] = false;
       missing[w] = true;
       held = false;
#ifdef MAX_FAILURES
       d_step {
         for (s : 0 .. SLOTS - 1) {
           if
           :: ownerOf[s] != NOBODY && strips[s] > 0 -> count(n, s, DONE); hear(s, n)
           :: else
           fi
         }
       };
       n = 0;
#endif
       s = 0
     };
#ifdef BAD_ORDER
     missing[w] = false;
#endif
     do
     :: s < SLOTS ->
        if
        :: ownerOf[s] != NOBODY ->
           d_step {
             i = 0;
             do
             :: i < STRIPS && state[AT(s, i)] != w + 1 -> i++
             :: else -> break
             od
           };
           if
           :: i < STRIPS ->
              d_step { held = true; deaths[AT(s, i)]++ };
              if
              :: deaths[AT(s, i)] == MAX_DEATHS && !stopped[ownerOf[s]] -> stopJob(s, k)
              :: else
              fi;
              state[AT(s, i)] = (stopped[ownerOf[s]] -> DONE : FREE)
           :: else
           fi;
#ifndef BAD_BELL
           ring(s)
#endif
        :: else
        fi;
        s++
     :: else -> break
     od;
     if
     :: held -> wakeWorkers()
     :: else
#ifdef MAX_FAILURES
        -> failures = (CAN_LIVE && !closed -> failures + 1 : failures)
#endif
     fi;
     atomic {
       if
       :: closed || (ownerOf[0] == NOBODY && ownerOf[SLOTS - 1] == NOBODY)
       :: else ->
          if
          :: CAN_LIVE -> startWorkers()
          :: else
#ifdef OLD_REPLACE
             -> standIn(w)
#endif
          fi;
#ifndef OLD_REPLACE
          if
          :: missing[w] -> standIn(w)
          :: else
          fi
#endif
       fi;
       w = 0; s = 0; i = 0; k = 0; held = false;
       turn = false
     }
  od
}

/* Where workers cannot live the engine runs strips itself, one a turn, in a worker's place. */
proctype StandIn(byte w) {
  LOCALS;
  do
  :: enter();
     if
     :: !missing[w] || closed -> standsIn[w] = false; leave(); break
     :: else
     fi;
     runStrip(w);
     if
     :: found -> leave()
     :: else -> standsIn[w] = false; leave(); break
     fi
  od;
gone:
  skip
}

/* Closes the engine when every call has settled, or, CLOSE_EARLY, at any time; then workers are killed. */
proctype Closer() {
  byte s, i;
#ifdef CLOSE_EARLY
  enter();
#else
  settled == JOBS;
  enter();
#endif
  d_step { closed = true; stop = true };
  wakeWorkers();
#ifdef CLOSE_EARLY
  for (s : 0 .. SLOTS - 1) {
    if
    :: ownerOf[s] != NOBODY -> stopJob(s, i)
    :: else
    fi
  }
  terminated = true;
#endif
  leave()
}

init {
  byte j;
  atomic {
    for (j : 0 .. WORKERS - 1) { run Worker(j) }
    for (j : 0 .. JOBS - 1) {
      run Caller(j);
      if
      :: j < ABORTS -> run Aborter(j)
      :: else
      fi
    }
    run Mender();
    run Closer()
  }
}
