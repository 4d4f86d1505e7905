"""Runs OpenCV for the benchmark: reads requests as lines of JSON and answers each with one. Pixels are in files.

Images stay in this process and results have their memory beforehand, as resident images of isopix do.
"""

import json
import sys
import time

import cv2
import numpy as np

BORDERS = {
    "replicate": cv2.BORDER_REPLICATE,
    "reflect": cv2.BORDER_REFLECT,
    "reflect-101": cv2.BORDER_REFLECT_101,
}


class Operation:
    """One step: what to call, and the image that the call fills."""

    def __init__(self, dst, call, note=None, bound=None, ignores_alpha=False):
        self.dst, self.call, self.note, self.bound, self.ignores_alpha = dst, call, note, bound, ignores_alpha


def shaped(src, width=None, height=None, channels=None, dtype=np.uint8):
    """An empty image like `src`, but for what is given."""
    height, width = height or src.shape[0], width or src.shape[1]
    channels = channels or (src.shape[2] if src.ndim == 3 else 1)
    image = np.zeros((height, width) if channels == 1 else (height, width, channels), dtype)
    return image


def invert(src, values):
    dst = shaped(src)
    return Operation(dst, lambda: cv2.bitwise_not(src, dst), "alpha is inverted too", ignores_alpha=True)


def threshold(src, values):
    dst = shaped(src)
    return Operation(dst, lambda: cv2.threshold(src, values["value"] - 1, 255, cv2.THRESH_BINARY, dst))


def luminance(src, values):
    if values["weights"] != "bt601":
        return None
    dst = shaped(src, channels=1)
    return Operation(dst, lambda: cv2.cvtColor(src, cv2.COLOR_RGBA2GRAY, dst))


def grayscale(src, values):
    if values["weights"] != "bt601" or values["amount"] != 1:
        return None
    grey, dst = shaped(src, channels=1), shaped(src)

    def call():
        cv2.cvtColor(src, cv2.COLOR_RGBA2GRAY, grey)
        cv2.cvtColor(grey, cv2.COLOR_GRAY2RGBA, dst)

    return Operation(dst, call, "alpha becomes 255")


def lut(src, table):
    dst, entries = shaped(src), np.array(table, np.uint8)
    return Operation(dst, lambda: cv2.LUT(src, entries, dst), "alpha is looked up too", ignores_alpha=True)


def color_matrix(src, matrix):
    rows = np.array(matrix, np.float32).reshape(4, 5)
    rows[:, 4] *= 255
    dst, rows = shaped(src), rows if rows[:, 4].any() else rows[:, :4].copy()
    return Operation(dst, lambda: cv2.transform(src, rows, dst))


def box_blur(src, values):
    dst, side, border = shaped(src), 2 * values["radius"] + 1, BORDERS[values["border"]]
    return Operation(dst, lambda: cv2.blur(src, (side, side), dst, borderType=border))


def gaussian_blur(src, values):
    dst, sigma, border = shaped(src), values["sigma"], BORDERS[values["border"]]
    return Operation(dst, lambda: cv2.GaussianBlur(src, (0, 0), sigma, dst, borderType=border))


def unsharp_mask(src, values):
    if values["threshold"] != 0:
        return None
    blur, dst, amount = gaussian_blur(src, values), shaped(src), values["amount"]

    def call():
        blur.call()
        cv2.addWeighted(src, 1 + amount, blur.dst, -amount, 0, dst)

    return Operation(dst, call)


def convolve(src, values):
    kernel = np.array(values["kernel"], np.float32).reshape(values["height"], values["width"]) / values["scale"]
    dst, border, offset = shaped(src), BORDERS[values["border"]], values["offset"]
    call = lambda: cv2.filter2D(src, -1, kernel, dst, delta=offset, borderType=border)
    return Operation(dst, call, "alpha is convolved too", ignores_alpha=True)


def sobel(src, values):
    border, dst = BORDERS[values["border"]], shaped(src)
    note = "of alpha too" if src.ndim == 3 else None
    if values["output"] != "magnitude":
        dx, dy = (1, 0) if values["output"] == "x" else (0, 1)
        gradient = shaped(src, dtype=np.int16)

        def call():
            cv2.Sobel(src, cv2.CV_16S, dx, dy, gradient, borderType=border)
            cv2.convertScaleAbs(gradient, dst)

        return Operation(dst, call, note, ignores_alpha=True)
    gx, gy, magnitude = (shaped(src, dtype=np.float32) for _ in range(3))

    def call():
        cv2.Sobel(src, cv2.CV_32F, 1, 0, gx, borderType=border)
        cv2.Sobel(src, cv2.CV_32F, 0, 1, gy, borderType=border)
        cv2.magnitude(gx, gy, magnitude)
        cv2.convertScaleAbs(magnitude, dst)

    return Operation(dst, call, note, ignores_alpha=True)


def median(src, values):
    if values["border"] != "replicate":
        return None
    dst, side = shaped(src), 2 * values["radius"] + 1
    return Operation(dst, lambda: cv2.medianBlur(src, side, dst))


def extreme(function):
    def operation(src, values):
        dst, border = shaped(src), BORDERS[values["border"]]
        window = np.ones((2 * values["radius"] + 1,) * 2, np.uint8)
        return Operation(dst, lambda: function(src, window, dst, borderType=border))

    return operation


def equalize(src, values):
    dst = shaped(src)
    if src.ndim == 2:
        return Operation(dst, lambda: cv2.equalizeHist(src, dst))
    planes = [shaped(src, channels=1) for _ in range(4)]

    def call():
        cv2.split(src, planes)
        for plane in planes[:3]:
            cv2.equalizeHist(plane, plane)
        cv2.merge(planes, dst)

    return Operation(dst, call)


# Where an image shrinks, isopix weighs every pixel, and OpenCV, but for INTER_AREA, those next to a point.
NO_ANTIALIASING = {"mean": 16, "most": 255}


def resize(src, values):
    width, height, kernel = values["width"], values["height"], values["kernel"]
    shrinks = width < src.shape[1] or height < src.shape[0]
    whole = src.shape[1] % width == 0 and src.shape[0] % height == 0
    method, note, bound = None, None, None
    if kernel == "nearest":
        method = cv2.INTER_NEAREST_EXACT
    elif kernel == "box" and whole:
        method = cv2.INTER_AREA
    elif kernel == "bilinear":
        method = cv2.INTER_LINEAR
    elif kernel == "bicubic":
        method, note, bound = cv2.INTER_CUBIC, "a cubic with a = -0.75 instead of -0.5", {"mean": 3, "most": 64}
    elif kernel == "lanczos3":
        method, note, bound = cv2.INTER_LANCZOS4, "Lanczos with 4 lobes instead of 3", {"mean": 3, "most": 64}
    if method is None:
        return None
    if shrinks and method not in (cv2.INTER_AREA, cv2.INTER_NEAREST_EXACT):
        note, bound = "no antialiasing" + (f", {note}" if note else ""), NO_ANTIALIASING
    dst = shaped(src, width=width, height=height)
    return Operation(dst, lambda: cv2.resize(src, (width, height), dst, interpolation=method), note, bound)


def rotate90(src, values):
    turns = values["turns"]
    if turns == 2:
        dst = shaped(src)
    else:
        dst = shaped(src, width=src.shape[0], height=src.shape[1])
    code = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}[turns]
    return Operation(dst, lambda: cv2.rotate(src, code, dst))


def mirror(code):
    def operation(src, values):
        dst = shaped(src)
        return Operation(dst, lambda: cv2.flip(src, code, dst))

    return operation


def crop(src, values):
    left, top, width, height = (values[key] for key in ("left", "top", "width", "height"))
    part, dst = src[top : top + height, left : left + width], shaped(src, width=width, height=height)
    return Operation(dst, lambda: cv2.copyTo(part, None, dst))


OPERATIONS = {
    "invert": invert,
    "threshold": threshold,
    "luminance": luminance,
    "grayscale": grayscale,
    "box-blur": box_blur,
    "gaussian-blur": gaussian_blur,
    "unsharp-mask": unsharp_mask,
    "convolve": convolve,
    "sobel": sobel,
    "median": median,
    "erode": extreme(cv2.erode),
    "dilate": extreme(cv2.dilate),
    "equalize": equalize,
    "resize": resize,
    "rotate90": rotate90,
    "flip": mirror(0),
    "flop": mirror(1),
    "crop": crop,
}


def operation_of(src, step):
    """A filter by its name, or else its table or its matrix; None where OpenCV has nothing of the kind."""
    if step["values"].get("border", "replicate") not in BORDERS:
        return None
    operation = OPERATIONS.get(step["name"])
    found = operation and operation(src, step["values"])
    if found is None and "table" in step:
        found = lut(src, step["table"])
    if found is None and "matrix" in step:
        found = color_matrix(src, step["matrix"])
    return found


class Server:
    def __init__(self):
        self.prepared = {}

    def open(self, threads):
        cv2.setNumThreads(threads)
        return {"version": cv2.__version__, "threads": cv2.getNumThreads()}

    def prepare(self, id, file, width, height, channels, steps):
        shape = (height, width) if channels == 1 else (height, width, channels)
        image = np.fromfile(file, np.uint8).reshape(shape)
        operations = []
        for step in steps:
            operation = operation_of(image, step)
            if operation is None:
                return {"missing": step["name"]}
            operations.append(operation)
            image = operation.dst
        self.prepared[id] = operations
        notes = list(dict.fromkeys(operation.note for operation in operations if operation.note))
        bounds = [operation.bound for operation in operations if operation.bound]
        return {
            "note": "; ".join(notes) or None,
            "bound": max(bounds, key=lambda bound: bound["mean"]) if bounds else None,
            "ignoresAlpha": any(operation.ignores_alpha for operation in operations),
        }

    def time(self, id, calls):
        operations = [operation.call for operation in self.prepared[id]]
        start = time.perf_counter()
        for _ in range(calls):
            for call in operations:
                call()
        return {"milliseconds": (time.perf_counter() - start) * 1000}

    def result(self, id, file):
        image = self.prepared[id][-1].dst
        image.tofile(file)
        return {"width": image.shape[1], "height": image.shape[0], "channels": image.shape[2] if image.ndim == 3 else 1}

    def dispose(self, id):
        self.prepared.pop(id, None)
        return {}


server = Server()
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = getattr(server, request.pop("method"))(**request)
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
