"""Fits scikit-learn's logistic regression and says how long that took, by the processor and on the wall.

usage: scikit-learn-logistic.py ROWS FEATURES, where ROWS holds doubles, row after row, each with its label last
"""

import json
import sys
import time

import numpy as np
from sklearn.linear_model import LogisticRegression

data = np.fromfile(sys.argv[1]).reshape(-1, int(sys.argv[2]) + 1)
features, labels = np.ascontiguousarray(data[:, :-1]), data[:, -1].copy()
start, wall = time.process_time(), time.perf_counter()
model = LogisticRegression(solver="lbfgs").fit(features, labels)
seconds, wall = time.process_time() - start, time.perf_counter() - wall
print(json.dumps({"seconds": seconds, "wallSeconds": wall, "coefficients": model.coef_[0].tolist()}))
