#!/usr/bin/env python3
"""Millrace beside scikit-learn's partial_fit, River and Vowpal Wabbit: the same rows, one thread each, in turns.

    python3 -m venv venv && venv/bin/pip install numpy scikit-learn river vowpalwabbit
    npm run build && npx tsc -b bench && venv/bin/python bench/peers/compare.py [rounds [d …]]

A peer that is not installed is left out, and said to be. Each figure is the median of the rounds. From a matrix: what the peer takes
fastest, a column-major numpy array in batches of 10,000 rows. From records: one list a row, as a parser gives them; for River dicts, for
Vowpal Wabbit lines of text. River and Vowpal Wabbit get fewer rows, as they are slow; each goes over its rows until a round is long
enough to time. All figures are rows a second of the processor, of all threads of a process (Node compiles and collects on others), so
that what else the machine does counts little.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # after the number of its threads is set

warnings.filterwarnings("ignore")

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
ROWS_PER_BATCH = 10_000
RIVER_ROWS = 1_000
VW_ROWS = 10_000
WARM_UP_ROUNDS = 2
LEAST_SECONDS = 0.1
STEP_SIZE = 0.01
K = 10
PASSES = 10
DIMENSIONS = tuple(map(int, sys.argv[2:])) or (2, 10, 30, 100)
WORKER = os.path.join(os.path.dirname(__file__), "..", "..", ".bench", "peers", "worker.js")


class Millrace:
    """The other process, which has the rows and answers each job with its seconds and how many rows it went over."""

    name = "Millrace"

    def __init__(self, file):
        self.process = subprocess.Popen(
            ["node", WORKER, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def measured(self, learner, task, source):
        job = {"learner": learner, "task": task, "from": source, "leastSeconds": LEAST_SECONDS}
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class ScikitLearn:
    name = "scikit-learn"

    def __init__(self, x, y):
        parts = [slice(i, i + ROWS_PER_BATCH) for i in range(0, len(x), ROWS_PER_BATCH)]
        self.batches = [(np.asfortranarray(x[part]), y[part]) for part in parts]
        # SGD goes row by row, and takes rows that lie together faster.
        self.row_major = [(np.ascontiguousarray(a), b) for a, b in self.batches]
        self.records = [(a.tolist(), b.tolist()) for a, b in self.batches]
        self.rows, self.d = x.shape

    def measured(self, learner, task, source):
        model = self.model(learner)
        if model is None:
            return None
        fit, predict, row_major = model
        matrix = self.row_major if row_major else self.batches
        if task == "predict":
            for a, b in matrix:
                fit(a, b)

        def go():
            for a, b in matrix if source == "matrix" else self.records:
                if source == "records":
                    a, b = np.array(a), np.array(b)
                fit(a, b) if task == "train" else predict(a)

        return repeated(go, self.rows)

    def model(self, learner):
        from sklearn.cluster import MiniBatchKMeans
        from sklearn.linear_model import SGDClassifier, SGDRegressor
        from sklearn.naive_bayes import GaussianNB, MultinomialNB
        from sklearn.preprocessing import MinMaxScaler, StandardScaler

        sgd = {"alpha": 0.0, "learning_rate": "constant", "eta0": STEP_SIZE, "shuffle": False}
        classes = np.array([0.0, 1.0])
        if learner == "k-means":
            centers = np.random.default_rng(42).normal(size=(K, self.d))
            m = MiniBatchKMeans(K, init=centers, n_init=1, batch_size=ROWS_PER_BATCH, reassignment_ratio=0)
            return (lambda a, b: m.partial_fit(a)), m.predict, True
        if learner == "linear SGD":
            m = SGDRegressor(penalty=None, **sgd)
            return m.partial_fit, m.predict, True
        if learner == "logistic SGD":
            m = SGDClassifier(loss="log_loss", penalty=None, **sgd)
            return (lambda a, b: m.partial_fit(a, b, classes)), m.predict, True
        if learner == "scaler, logistic SGD":
            s, m = StandardScaler(), SGDClassifier(loss="log_loss", penalty=None, **sgd)
            fit = lambda a, b: m.partial_fit(s.partial_fit(a).transform(a), b, classes)
            return fit, (lambda a: m.predict(s.transform(a))), True
        if learner == "passive-aggressive":
            m = SGDClassifier(loss="hinge", penalty=None, learning_rate="pa1", eta0=1.0, shuffle=False)
            return (lambda a, b: m.partial_fit(a, b, classes)), m.predict, True
        if learner == "Gaussian naive Bayes":
            m = GaussianNB()
            return (lambda a, b: m.partial_fit(a, b, classes)), m.predict, False
        if learner == "min-max, multinomial naive Bayes":
            s, m = MinMaxScaler(clip=True), MultinomialNB()
            fit = lambda a, b: m.partial_fit(s.partial_fit(a).transform(a), b, classes)
            return fit, (lambda a: m.predict(s.transform(a))), True
        return self.descent(learner) if "passes" in learner else None

    def descent(self, learner):
        """Full-batch gradient descent as one writes it with numpy; scikit-learn has none."""
        w = np.zeros(self.d)
        logistic = learner.startswith("logistic")
        link = (lambda m: 1 / (1 + np.exp(-m))) if logistic else (lambda m: m)

        def fit(a, b):
            for i in range(1, PASSES + 1):
                w[:] -= STEP_SIZE / np.sqrt(i) * (a.T @ (link(a @ w) - b) / len(b))

        return fit, (lambda a: link(a @ w)), False


class River:
    name = "River"

    def __init__(self, x, y):
        import river  # noqa: F401

        self.rows = [(dict(enumerate(row)), label) for row, label in zip(x[:RIVER_ROWS].tolist(), y[:RIVER_ROWS].tolist())]

    def measured(self, learner, task, source):
        model = self.model(learner)
        if model is None or source == "matrix":
            return None
        learn = (lambda a, b: model.learn_one(a)) if learner in UNSUPERVISED else model.learn_one
        predict = model.score_one if learner == "half-space trees" else model.predict_one
        if task == "predict":
            for a, b in self.rows:
                learn(a, b)

        def go():
            for a, b in self.rows:
                learn(a, b) if task == "train" else predict(a)

        return repeated(go, RIVER_ROWS)

    def model(self, learner):
        from river import anomaly, cluster, linear_model, naive_bayes, optim, preprocessing, tree

        sgd = lambda: optim.SGD(STEP_SIZE)
        logistic = lambda optimizer: linear_model.LogisticRegression(optimizer, intercept_lr=STEP_SIZE)
        made = {
            "k-means": lambda: cluster.KMeans(n_clusters=K, halflife=0.5, seed=42),
            "linear SGD": lambda: linear_model.LinearRegression(sgd(), intercept_lr=STEP_SIZE),
            "logistic SGD": lambda: linear_model.LogisticRegression(sgd(), intercept_lr=STEP_SIZE),
            "scaler, logistic SGD": lambda: preprocessing.StandardScaler() | linear_model.LogisticRegression(sgd(), intercept_lr=STEP_SIZE),
            "logistic AdaGrad": lambda: logistic(optim.AdaGrad(STEP_SIZE)),
            "logistic Adam": lambda: logistic(optim.Adam(STEP_SIZE)),
            "softmax": lambda: linear_model.SoftmaxRegression(sgd()),
            "FTRL-proximal": lambda: logistic(optim.FTRLProximal(alpha=0.1, beta=1.0, l1=0.0, l2=0.0)),
            "passive-aggressive": lambda: linear_model.PAClassifier(C=1.0, mode=1),
            "Gaussian naive Bayes": naive_bayes.GaussianNB,
            "min-max, multinomial naive Bayes": lambda: preprocessing.MinMaxScaler() | naive_bayes.MultinomialNB(),
            "Hoeffding tree": tree.HoeffdingTreeClassifier,
            "half-space trees": lambda: preprocessing.MinMaxScaler() | anomaly.HalfSpaceTrees(seed=42),
        }
        return made[learner]() if learner in made else None


class VowpalWabbit:
    name = "Vowpal Wabbit"

    def __init__(self, x, y):
        from vowpalwabbit import pyvw  # noqa: F401

        features = [" ".join(f"{j}:{v}" for j, v in enumerate(row)) for row in x[:VW_ROWS].tolist()]
        self.lines = {
            "linear SGD": [f"{b} | {a}" for a, b in zip(features, y)],
            "logistic SGD": [f"{1 if b > 0 else -1} | {a}" for a, b in zip(features, y)],
        }
        self.lines["FTRL-proximal"] = self.lines["logistic SGD"]

    def measured(self, learner, task, source):
        if learner not in self.lines or source == "matrix":
            return None
        from vowpalwabbit import pyvw

        vw = pyvw.Workspace(f"{VW_OPTIONS[learner]} --quiet")
        lines = self.lines[learner]
        use = vw.learn if task == "train" else vw.predict

        def go():
            for line in lines:
                use(line)

        figures = repeated(go, VW_ROWS)
        vw.finish()
        return figures


def repeated(go, rows):
    """The seconds of the processor, and the rows, of as many passes as take long enough."""
    start, passed = time.process_time(), 0
    while (seconds := time.process_time() - start) < LEAST_SECONDS:
        go()
        passed += rows
    return seconds, passed


LEARNERS = [
    "k-means",
    "linear, 10 passes",
    "logistic, 10 passes",
    "linear SGD",
    "logistic SGD",
    "logistic AdaGrad",
    "logistic Adam",
    "scaler, logistic SGD",
    "softmax",
    "FTRL-proximal",
    "passive-aggressive",
    "Gaussian naive Bayes",
    "min-max, multinomial naive Bayes",
    "Hoeffding tree",
    "half-space trees",
]
UNSUPERVISED = ("k-means", "half-space trees")
VW_OPTIONS = {
    "linear SGD": f"--sgd --loss_function squared -l {STEP_SIZE} --power_t 0",
    "logistic SGD": f"--sgd --loss_function logistic -l {STEP_SIZE} --power_t 0",
    "FTRL-proximal": "--ftrl --loss_function logistic --ftrl_alpha 0.1 --ftrl_beta 1",
}


def data(d):
    """Rows around twenty centres, as many as make two million numbers, and two classes."""
    rows = min(50_000, 2_000_000 // d // ROWS_PER_BATCH * ROWS_PER_BATCH)
    random = np.random.default_rng(7)
    centers = random.normal(size=(20, d))
    x = (centers[np.arange(rows) % 20] + random.normal(size=(rows, d))) / 4  # longer rows would make SGD diverge
    return x, (x[:, 0] - x[:, -1] / 2 + 0.5 * random.normal(size=rows) > 0).astype(float)


def peers_of(x, y):
    for peer in (ScikitLearn, River, VowpalWabbit):
        try:
            yield peer(x, y)
        except ImportError as error:
            print(f"{peer.name} is left out: {error}", file=sys.stderr)


def rate(figures):
    return "–" if not figures else f"{statistics.median(figures):,.0f}"


def main():
    print(f"Median of {ROUNDS} interleaved rounds, one thread each; rows a second of the processor; ×: Millrace over the fastest peer.\n")
    print("| d | learner | task | from | Millrace | scikit-learn | River | Vowpal Wabbit | × |")
    print("|---|---|---|---|---|---|---|---|---|")
    for d in DIMENSIONS:
        x, y = data(d)
        with tempfile.NamedTemporaryFile(suffix=".bin") as file:
            file.write(np.concatenate([x.shape, x.T.ravel(), y]).astype("<f8").tobytes())
            file.flush()
            ours = Millrace(file.name)
            compare(d, [ours, *peers_of(x, y)])
            ours.close()


def compare(d, sides):
    for learner in LEARNERS:
        for task in ("train", "predict"):
            for source in ("matrix", "records"):
                figures = {side.name: [] for side in sides}
                for _ in range(WARM_UP_ROUNDS + ROUNDS):
                    for side in sides:
                        measured = side.measured(learner, task, source)
                        if measured is not None:
                            seconds, rows = measured
                            figures[side.name].append(rows / seconds)
                figures = {name: rates[WARM_UP_ROUNDS:] for name, rates in figures.items()}
                others = [statistics.median(rates) for name, rates in figures.items() if name != "Millrace" and rates]
                factor = f"{statistics.median(figures['Millrace']) / max(others):.1f}" if others else "–"
                cells = " | ".join(rate(figures.get(name)) for name in ("Millrace", "scikit-learn", "River", "Vowpal Wabbit"))
                print(f"| {d} | {learner} | {task} | {source} | {cells} | {factor} |", flush=True)


if __name__ == "__main__":
    main()
