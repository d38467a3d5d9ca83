"""Makes the ONNX files of this folder, and what scikit-learn predicts with the same models.

    pip install scikit-learn skl2onnx onnx pandas && python make-onnx-models.py

Made with scikit-learn 1.9.1, skl2onnx 1.20.0 and onnx 1.23.2. Rows and seeds are fixed; the files may differ by bytes in other versions.
"""
import json
import os

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

HERE = os.path.dirname(os.path.abspath(__file__))
OPSET = {"": 17, "ai.onnx.ml": 3}
expected = {}


def save(name, model, **values):
    onnx.save(model, os.path.join(HERE, name + ".onnx"))
    expected[name] = {key: np.asarray(value).tolist() for key, value in values.items()}


iris = load_iris()
X, y = iris.data, iris.target
rows = X[::10]

# Float input; a label and a probability for each class, as one tensor.
scaled = Pipeline([("scaler", StandardScaler()), ("logistic", LogisticRegression(max_iter=500))])
scaled.fit(X.astype(np.float32), y)
single = rows.astype(np.float32)
save(
    "iris-logistic-float",
    to_onnx(scaled, initial_types=[("X", FloatTensorType([None, 4]))], options={"zipmap": False}, target_opset=OPSET),
    rows=rows,
    label=scaled.predict(single),
    probabilities=scaled.predict_proba(single),
)

# The probabilities as a list of dictionaries, which is what skl2onnx does unless it is told.
save(
    "iris-logistic-zipmap",
    to_onnx(scaled, initial_types=[("X", FloatTensorType([None, 4]))], target_opset=OPSET),
    rows=rows,
    label=scaled.predict(single),
)

# Double input, double arithmetic.
linear = LinearRegression().fit(X[:, :3], X[:, 3])
save(
    "iris-linear-double",
    to_onnx(linear, initial_types=[("X", DoubleTensorType([None, 3]))], target_opset=OPSET),
    rows=rows[:, :3],
    variable=linear.predict(rows[:, :3]),
)

# Labels that are texts.
names = iris.target_names[y]
forest = RandomForestClassifier(n_estimators=5, max_depth=4, random_state=0).fit(X.astype(np.float32), names)
save(
    "iris-forest-text",
    to_onnx(forest, initial_types=[("X", FloatTensorType([None, 4]))], options={"zipmap": False}, target_opset=OPSET),
    rows=rows,
    label=forest.predict(single),
    probabilities=forest.predict_proba(single),
)

# Several inputs: a text, a whole number of 64 bits, and a vector of numbers.
place = np.array(["roof", "cellar", "yard"])[(np.arange(60) * 5) % 3]
count = (np.arange(60) * 7) % 11
size = np.stack([np.arange(60) % 4 / 2, np.arange(60) % 9 / 3], axis=1)
target = count + 3.0 * (place == "roof") - size[:, 1]
wide, high = size.astype(np.float32).T
frame = pd.DataFrame({"place": place, "count": count.astype(np.int64), "wide": wide, "high": high})
columns = ColumnTransformer([("place", OneHotEncoder(), ["place"]), ("rest", StandardScaler(), ["count", "wide", "high"])])
boosted = Pipeline([("columns", columns), ("boosted", GradientBoostingRegressor(n_estimators=10, random_state=0))]).fit(frame, target)
some = frame.iloc[:15]
save(
    "readings-boosted-mixed",
    to_onnx(
        boosted,
        initial_types=[
            ("place", StringTensorType([None, 1])),
            ("count", Int64TensorType([None, 1])),
            ("wide", FloatTensorType([None, 1])),
            ("high", FloatTensorType([None, 1])),
        ],
        target_opset=OPSET,
    ),
    place=some["place"],
    count=some["count"],
    wide=some["wide"],
    high=some["high"],
    variable=boosted.predict(some),
)

# One row at a time.
double = helper.make_graph(
    [helper.make_node("Add", ["x", "x"], ["y"])],
    "double",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2])],
)
save("one-row-at-a-time", helper.make_model(double, opset_imports=[helper.make_opsetid("", 17)], ir_version=8))

with open(os.path.join(HERE, "expected.json"), "w") as file:
    json.dump(expected, file)
    file.write("\n")
