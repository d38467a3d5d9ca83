"""Fits what `bench/pipelines.ts` scores in scikit-learn, and says for each line it is given how long scoring all rows took.

usage: scikit-learn-pipelines.py logistic|forest|text FILE.parquet, which has a column `label`, and features or a column `text`
"""

import json
import sys
import time

import numpy as np
import pyarrow.parquet as pq
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

MODELS = {
    "logistic": lambda: make_pipeline(StandardScaler(), LogisticRegression()),
    "forest": lambda: make_pipeline(StandardScaler(), RandomForestClassifier(n_estimators=100, max_depth=8, n_jobs=1)),
    "text": lambda: make_pipeline(
        HashingVectorizer(n_features=2**18, alternate_sign=False, norm=None, token_pattern=r"\S+"),
        TfidfTransformer(norm=None),
        LogisticRegression(max_iter=10),
    ),
}
FOREST_ROWS = 20_000

what, file = sys.argv[1:]
table = pq.read_table(file)
labels = table["label"].to_numpy()
rows = table["text"].to_pylist() if what == "text" else np.column_stack([table[name].to_numpy() for name in table.column_names if name != "label"])
some = FOREST_ROWS if what == "forest" else len(labels)
model = MODELS[what]().fit(rows[:some], labels[:some])
print("ready", flush=True)
for _ in sys.stdin:
    wall, processor = time.perf_counter(), time.process_time()
    probability = model.predict_proba(rows)
    prediction = probability.argmax(axis=1)
    print(json.dumps({"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}), flush=True)
