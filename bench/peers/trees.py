#!/usr/bin/env python3
"""Millrace's trees and forests beside those of River and MOA: the same rows, each tested before it is learned.

    python3 -m venv venv && venv/bin/pip install river
    npm run build && npx tsc -b bench && MOA_JAR=moa.jar venv/bin/python bench/peers/trees.py [rows]

A peer that is not there is left out: River where it is not installed, MOA where MOA_JAR names no file (the wheel of capymoa has one), and
River's forests beyond 20,000 rows. Scores are the share of right predictions, or for regression the root of the mean squared
error. Rates are rows a second of processor time, of all threads.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
import time

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
MOA_JAR = os.environ.get("MOA_JAR")
WORKER = os.path.join(os.path.dirname(__file__), "..", "..", ".bench", "peers", "trees.js")

try:
    from river import forest, tree
except ImportError:
    forest = tree = None

RIVER_FOREST_ROWS = 20_000
MOA_CLASSIFIERS = {
    "HoeffdingTreeClassifier": "trees.HoeffdingTree",
    "HoeffdingAdaptiveTreeClassifier": "trees.HoeffdingAdaptiveTree",
    "AdaptiveRandomForestClassifier": "(meta.AdaptiveRandomForest -s 10)",
}


def river_learner(kind, nominal):
    names = [f"x{j}" for j in nominal] or None
    return {
        "HoeffdingTreeClassifier": lambda: tree.HoeffdingTreeClassifier(nominal_attributes=names),
        "HoeffdingAdaptiveTreeClassifier": lambda: tree.HoeffdingAdaptiveTreeClassifier(
            nominal_attributes=names, seed=42
        ),
        "AdaptiveRandomForestClassifier": lambda: forest.ARFClassifier(nominal_attributes=names, seed=42),
        "HoeffdingTreeRegressor": lambda: tree.HoeffdingTreeRegressor(),
        "HoeffdingAdaptiveTreeRegressor": lambda: tree.HoeffdingAdaptiveTreeRegressor(seed=42),
        "AdaptiveRandomForestRegressor": lambda: forest.ARFRegressor(seed=42),
    }[kind]()


def with_river(kind, rows, nominal):
    """The score, and rows a second."""
    model = river_learner(kind, nominal)
    classifies = kind.endswith("Classifier")
    start = time.process_time()
    total = 0.0
    for x, label in rows:
        predicted = model.predict_one(x)
        if classifies:
            total += predicted == label
        else:
            total += (label - (predicted or 0.0)) ** 2
        model.learn_one(x, label)
    mean = total / len(rows)
    return mean if classifies else mean**0.5, len(rows) / (time.process_time() - start)


def with_moa(learner, arff, count):
    task = (
        f"EvaluatePrequential -l {learner} -s (ArffFileStream -f {arff}) "
        f"-e BasicClassificationPerformanceEvaluator -i {count} -f {count}"
    )
    output = subprocess.run(
        ["java", "-cp", MOA_JAR, "moa.DoTask", task], capture_output=True, text=True, check=True
    ).stdout
    figures = output.strip().splitlines()[-1].split(",")
    return float(figures[4]) / 100, count / float(figures[1])


def write_arff(rows, classes, nominal, file):
    def values(count):
        return f"{{{','.join(map(str, range(count)))}}}"

    with open(file, "w") as out:
        out.write("@relation rows\n")
        for j, name in enumerate(rows[0][0]):
            out.write(f"@attribute {name} {values(nominal[j]) if j in nominal else 'numeric'}\n")
        out.write(f"@attribute class {values(classes)}\n@data\n")
        out.writelines(f"{','.join(map(repr, x.values()))},{label}\n" for x, label in rows)


def rows_of(file, classifies, nominal):
    with open(file, newline="") as lines:
        for line in csv.reader(lines):
            values = [int(value) if j in nominal else float(value) for j, value in enumerate(line)]
            label = int(values[-1]) if classifies else values[-1]
            yield {f"x{j}": value for j, value in enumerate(values[:-1])}, label


def shown(score, rate=None):
    return f"{score:.4f}" if rate is None else f"{score:.4f} ({rate:,.0f}/s)"


def main():
    with tempfile.TemporaryDirectory() as directory:
        worker = subprocess.run(
            ["node", WORKER, str(ROWS), directory], stdout=subprocess.PIPE, text=True, check=True
        )
        print(f"| stream, at most {ROWS:,} rows | learner | baseline | Millrace | River | MOA |\n|---|---|---|---|---|---|")
        rows, arff, baseline, nominal = [], None, 0.0, {}
        for figures in map(json.loads, worker.stdout.splitlines()):
            kind = figures["learner"]
            classes = figures.get("numClasses")
            if kind == "baseline":
                nominal = {int(feature): count for feature, count in figures["nominalFeatures"].items()}
                rows, baseline = list(rows_of(figures["file"], classes is not None, nominal)), figures["score"]
                arff = None
                if MOA_JAR and classes is not None:
                    arff = os.path.join(directory, "rows.arff")
                    write_arff(rows, classes, nominal, arff)
                continue
            river = moa = "–"
            if tree is not None and ("Tree" in kind or len(rows) <= RIVER_FOREST_ROWS):
                river = shown(*with_river(kind, rows, nominal))
            if arff is not None:
                moa = shown(*with_moa(MOA_CLASSIFIERS[kind], arff, len(rows)))
            ours = shown(figures["score"], len(rows) / figures["seconds"])
            print(f"| {figures['stream']} | {kind} | {baseline:.4f} | {ours} | {river} | {moa} |", flush=True)


main()
