"""Fits a model of scikit-learn and says how long that took, by the processor and on the wall.

usage: scikit-learn-fits.py logistic|forest ROWS FEATURES, where ROWS holds doubles, row after row, each with its label last
"""

import json
import sys
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

what, file, width = sys.argv[1:]
data = np.fromfile(file).reshape(-1, int(width) + 1)
features, labels = np.ascontiguousarray(data[:, :-1]), data[:, -1].copy()
if what == "logistic":
    model = LogisticRegression(solver="lbfgs")
else:
    model = RandomForestClassifier(n_estimators=100, max_depth=8, n_jobs=1)
start, wall = time.process_time(), time.perf_counter()
model.fit(features, labels)
seconds, wall = time.process_time() - start, time.perf_counter() - wall
coefficients = model.coef_[0].tolist() if what == "logistic" else []
print(json.dumps({"seconds": seconds, "wallSeconds": wall, "coefficients": coefficients}))
