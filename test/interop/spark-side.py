"""Spark's half of the interop: fits, saves and scores each case, and scores what Millrace saved.

usage: spark-side.py DIRECTORY, where cases.json is; each answer goes to spark/NAME.json and ours/NAME.json
"""

import importlib
import json
import math
import os
import sys
import traceback

from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.linalg import DenseVector, Matrices, SparseVector, Vectors, VectorUDT
from pyspark.ml.util import DefaultParamsReader
from pyspark.sql import Row, SparkSession
from pyspark.sql import types as t

TYPES = {
    "double": t.DoubleType(),
    "float": t.FloatType(),
    "int": t.IntegerType(),
    "bigint": t.LongType(),
    "smallint": t.ShortType(),
    "tinyint": t.ByteType(),
    "boolean": t.BooleanType(),
    "string": t.StringType(),
    "array<string>": t.ArrayType(t.StringType()),
    "array<double>": t.ArrayType(t.DoubleType()),
    "vector": VectorUDT(),
}
INTEGERS = {"int", "bigint", "smallint", "tinyint"}
SPECIAL = {"NaN": math.nan, "Inf": math.inf, "-Inf": -math.inf}


def from_json(value, kind):
    if value is None:
        return None
    if kind == "vector":
        if "indices" in value:
            return Vectors.sparse(value["size"], value["indices"], [number(v) for v in value["values"]])
        return Vectors.dense([number(v) for v in value["values"]])
    if kind == "array<double>":
        return [number(v) for v in value]
    if kind in INTEGERS:
        return int(value)
    return number(value) if kind in ("double", "float") else value


def number(value):
    return SPECIAL[value] if isinstance(value, str) else float(value)


def to_json(value):
    if isinstance(value, SparseVector):
        return {"size": value.size, "indices": value.indices.tolist(), "values": [to_json(v) for v in value.values.tolist()]}
    if isinstance(value, DenseVector):
        return {"values": [to_json(v) for v in value.values.tolist()]}
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"
    return [to_json(v) for v in value] if isinstance(value, list) else value


def python_class(name):
    module, _, cls = name.replace("org.apache.spark", "pyspark").rpartition(".")
    return getattr(importlib.import_module(module), cls)


def param_value(value):
    if isinstance(value, dict):
        values = [number(v) for v in value["values"]]
        if value.get("class") == "matrix":
            return Matrices.dense(value["numRows"], value["numCols"], values)
        return Vectors.dense(values)
    if isinstance(value, list):
        return [param_value(v) for v in value]
    return SPECIAL.get(value, value) if isinstance(value, str) else value


def param_pair(stage, name, value):
    param = stage.getParam(name)
    return param, param.typeConverter(param_value(value))


def stage_of(said, by_uid=None):
    if "stages" in said:
        return Pipeline(stages=[stage_of(each, by_uid) for each in said["stages"]])
    # Not by the constructor, which lacks some of the parameters of some classes.
    stage = python_class(said["class"])()
    if "tuned" in said:
        made = {}
        tuned = said["tuned"]
        stage.setEstimator(stage_of(tuned["estimator"], made)).setEvaluator(stage_of(tuned["evaluator"], made))
        stage.setEstimatorParamMaps(
            [dict(param_pair(made[p["parent"]], p["name"], p["value"]) for p in pairs) for pairs in tuned["maps"]]
        )
    if by_uid is not None:
        by_uid[said["uid"]] = stage
    return stage._set(**{name: param_value(json.loads(text)) for name, text in said["options"].items()})


def table(spark, said):
    kinds = [kind for _, kind in said["fields"]]
    schema = t.StructType([t.StructField(name, TYPES[kind]) for name, kind in said["fields"]])
    rows = [tuple(from_json(value, kind) for value, kind in zip(row, kinds)) for row in said["rows"]]
    return spark.createDataFrame(rows, schema).coalesce(1)


def rows_of(frame):
    return {"columns": frame.columns, "rows": [[to_json(value) for value in row] for row in frame.collect()]}


def answer(path, work):
    try:
        said = work()
    except Exception:
        said = {"error": traceback.format_exc()[-2000:]}
    with open(path, "w") as file:
        json.dump(said, file, allow_nan=False)


def main(directory):
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.default.parallelism", "1")
        .config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.codegen.wholeStage", "false")  # compiling takes longer than the few rows do
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.ansi.enabled", "false")  # as in Spark 3.5, which we follow
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    with open(os.path.join(directory, "cases.json")) as file:
        cases = json.load(file)
    for case in cases:
        fitting, scoring = table(spark, case["fitting"]), table(spark, case["scoring"])

        def spark_fits():
            stage = stage_of(case["stage"])
            fitted = stage.fit(fitting) if hasattr(stage, "fit") else stage
            fitted.write().overwrite().save(os.path.join(directory, "spark", case["name"]))
            return rows_of(fitted.transform(scoring))

        def ours_scores():
            path = os.path.join(directory, "ours", case["name"])
            return rows_of(python_class(case["modelClass"]).load(path).transform(scoring))

        answer(os.path.join(directory, "spark", case["name"] + ".json"), spark_fits)
        answer(os.path.join(directory, "ours", case["name"] + ".json"), ours_scores)
        print(case["name"], flush=True)
    spark.stop()


main(sys.argv[1])
