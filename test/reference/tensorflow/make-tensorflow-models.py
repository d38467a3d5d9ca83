"""Makes the TensorFlow.js models of this folder with TensorFlow and its converter, and what TensorFlow predicts with them.

    pip install tensorflow-cpu==2.15.1 tf_keras==2.15.1 tensorflow_hub "setuptools<70" && pip install --no-deps tensorflowjs==4.22.0
    python make-tensorflow-models.py

Made with these versions. Weights are those that the seed gives.
"""
import json
import os
import shutil
import sys
import tempfile
import types

# The converter imports these for kinds of models that are not made here.
for name in ["tensorflow_decision_forests", "jax", "jax.experimental", "jax.experimental.jax2tf"]:
    sys.modules[name] = types.ModuleType(name)
sys.modules["jax"].experimental = sys.modules["jax.experimental"]
sys.modules["jax.experimental"].jax2tf = sys.modules["jax.experimental.jax2tf"]

import numpy as np
import tensorflow as tf
import tensorflowjs as tfjs
from tensorflowjs.converters import tf_saved_model_conversion_v2 as conversion

HERE = os.path.dirname(os.path.abspath(__file__))
tf.keras.utils.set_random_seed(7)
random = np.random.default_rng(7)
expected = {}


def directory(name):
    path = os.path.join(HERE, name)
    shutil.rmtree(path, ignore_errors=True)
    return path


def note(name, **values):
    expected[name] = {key: np.asarray(value).tolist() for key, value in values.items()}


def graph(name, module, signature, **options):
    with tempfile.TemporaryDirectory() as saved:
        tf.saved_model.save(module, saved, signatures=signature)
        conversion.convert_tf_saved_model(saved, directory(name), **options)


# Keras: two inputs, two outputs, several kinds of layers.
numbers = tf.keras.Input([3], name="numbers")
age = tf.keras.Input([1], name="age")
joined = tf.keras.layers.Concatenate()([tf.keras.layers.BatchNormalization()(numbers), age])
hidden = tf.keras.layers.Dense(5, activation="swish", bias_initializer="random_normal")(joined)
model = tf.keras.Model(
    [numbers, age],
    [
        tf.keras.layers.Dense(3, activation="softmax", name="kinds")(hidden),
        tf.keras.layers.Dense(1, name="price")(hidden),
    ],
)
rows = {"numbers": random.normal(size=[9, 3]), "age": random.normal(size=[9, 1])}
kinds, price = model.predict(rows, verbose=0)
tfjs.converters.save_keras_model(model, directory("keras-two-inputs"))
note("keras-two-inputs", **rows, kinds=kinds, price=price)

# Keras: images.
model = tf.keras.Sequential(
    [
        tf.keras.layers.Conv2D(2, 3, activation="relu", input_shape=[6, 5, 1], name="image"),
        tf.keras.layers.MaxPooling2D(2),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(4, activation="softmax", name="digit"),
    ]
)
images = random.normal(size=[7, 6, 5, 1])
tfjs.converters.save_keras_model(model, directory("keras-image"))
note("keras-image", image=images.reshape(7, 30), digit=model.predict(images, verbose=0))


# TensorFlow: a graph with weights, a sum of products that WebAssembly has no kernel for, two outputs, one of them a whole number.
class Scores(tf.Module):
    def __init__(self):
        self.kernel = tf.Variable(random.normal(size=[4, 3]), dtype=tf.float32)

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, name="features")])
    def __call__(self, features):
        scores = tf.einsum("nd,dk->nk", features, self.kernel) + tf.einsum("nd,nd,dk->nk", features, features, self.kernel)
        return {"scores": scores, "best": tf.argmax(scores, axis=1, output_type=tf.int32)}


module = Scores()
features = random.normal(size=[8, 4]).astype(np.float32)
given = module(features)
graph("graph-einsum", module, module.__call__)
note("graph-einsum", features=features, scores=given["scores"], best=given["best"])


# TensorFlow: a graph whose number of steps hangs on the data.
class Halvings(tf.Module):
    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name="size")])
    def __call__(self, size):
        halve = lambda steps, left: (steps + tf.cast(left > 1, tf.float32), tf.where(left > 1, left / 2, left))
        steps, _ = tf.while_loop(lambda _, left: tf.reduce_any(left > 1), halve, [tf.zeros_like(size), size])
        return {"halvings": steps}


module = Halvings()
sizes = np.array([1, 2, 3, 100, 1000], dtype=np.float32)
graph("graph-loop", module, module.__call__, control_flow_v2=True)
note("graph-loop", size=sizes, halvings=module(sizes)["halvings"])

# A graph of Keras, its weights as numbers of half precision in two files.
model = tf.keras.Sequential([tf.keras.layers.Dense(40, activation="tanh", input_shape=[20]), tf.keras.layers.Dense(1)])
model.set_weights([weights.astype(np.float16).astype(np.float32) for weights in model.get_weights()])
wide = random.normal(size=[6, 20]).astype(np.float32)
with tempfile.TemporaryDirectory() as saved:
    model.save(saved)
    conversion.convert_tf_saved_model(
        saved, directory("graph-half-precision"), quantization_dtype_map={"float16": True}, weight_shard_size_bytes=1024
    )
note("graph-half-precision", wide=wide, output=model.predict(wide, verbose=0))

with open(os.path.join(HERE, "expected.json"), "w") as file:
    json.dump(expected, file)
    file.write("\n")
