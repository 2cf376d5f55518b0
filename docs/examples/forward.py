"""Features of images by a model of FastHebb, with numpy alone; every step is in docs/forward.md.

    python3 forward.py model.safetensors images.npy features.npy

images.npy holds (images, side, side, 3), pixels from 0 to 1. For the networks small and imagenet.
"""

import json
import sys

import numpy as np

POOLS = {"small": {"1": 2, "3": 2}, "imagenet": {"1": 3, "3": 2, "5": 2, "7": 2}}
MODIFIED = {"small": "345", "imagenet": "789"}
BY_DIRECTION = ("swta", "hard-wta", "k-wta")


def read(path):
    """Metadata and tensors of a safetensors file: a length, a header in JSON, and the values."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    about = header.pop("__metadata__")
    types = {"F32": "<f4", "F64": "<f8"}
    return about, {
        name: np.frombuffer(data[slice(*t["data_offsets"])], types[t["dtype"]]).reshape(t["shape"])
        for name, t in header.items()
    }


def features(path, images):
    about, t = read(path)
    network = about["architecture"]
    if network not in POOLS:
        sys.exit(f"{path} is of the network {network}; its steps are in docs/forward.md, but not here")
    x = (images - t["inputs.mean"]) / np.where(t["inputs.std"] == 0, 1, t["inputs.std"])
    if "inputs.zca" in t:  # of images of 32 x 32 pixels
        x = (x.reshape(len(x), -1) @ t["inputs.zca"]).reshape(x.shape)
    layers = [name[: -len(".weight")] for name in t if t[name].ndim == 4]
    for layer in sorted(layers, key=lambda name: name[-1]):  # conv1, conv2, .. and the last, fc5
        w = t[layer + ".weight"].astype(np.float64)  # (neurons, k, k, channels)
        if about["rule"] in BY_DIRECTION:
            w = w / np.sqrt((w * w).sum((1, 2, 3), keepdims=True))
        k = w.shape[1]
        patches = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(1, 2))
        x = np.tensordot(patches, w, axes=([4, 5, 3], [1, 2, 3])) + t.get(layer + ".bias", 0)
        x = np.maximum(x, 0)
        number = layer[-1]
        p = POOLS[network].get(number, 1)
        b, h, _, n = x.shape
        x = x[:, : h // p * p, : h // p * p].reshape(b, h // p, p, h // p, p, n).max((2, 4))
        norm, var = "bn" + number, t["bn" + number + ".running_var"].astype(np.float64) + 1e-5
        x = (x - t[norm + ".running_mean"]) / np.sqrt(var) * t[norm + ".weight"] + t[norm + ".bias"]
        if number in MODIFIED[network] and "conv1.bias" not in t:
            x = x * np.sqrt(var / var.mean())
    return x.reshape(len(x), -1).astype(np.float32)


if __name__ == "__main__":
    model, pixels, out = sys.argv[1:]
    np.save(out, features(model, np.load(pixels)))
