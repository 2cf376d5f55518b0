#!/usr/bin/env python3
"""Times PyTorch's training step and ours in turn, A B A B, and prints the ratio of the medians.

    bench/rivals.py PROGRAM.py [--python PYTHON] [--threads N] [--rounds N]

PROGRAM.py is run as "PYTHON PROGRAM.py --rule swta|hpca|finetune --threads N --steps 20" and must print a line of JSON
with the key "median_s". PYTHON must have PyTorch.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OURS = {"swta": ["step", "swta"], "hpca": ["step", "hpca"], "finetune": ["finetune", "backprop"]}


def theirs(options, rule):
    command = [options.python, options.program, "--rule", rule, "--threads", str(options.threads), "--steps", "20"]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(out.strip().splitlines()[-1])["median_s"]


def ours(options, rule):
    suite, name = OURS[rule]
    with tempfile.NamedTemporaryFile(suffix=".json") as rows:
        command = [os.path.join(ROOT, "fasthebb"), "bench", suite, "--only", name, "--variant", "fast"]
        command += ["--threads", str(options.threads), "--json", rows.name]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.load(open(rows.name))[0]["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    print(f"{'step':10} {'PyTorch s':>10} {'ours s':>10} {'times faster':>13}   medians of {options.rounds}")
    for rule in OURS:
        pairs = [(theirs(options, rule), ours(options, rule)) for _ in range(options.rounds)]
        a, b = (statistics.median(column) for column in zip(*pairs))
        print(f"{rule:10} {a:10.4f} {b:10.4f} {a / b:13.2f}", flush=True)


if __name__ == "__main__":
    main()
