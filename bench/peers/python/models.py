"""Writes models.json: the ONNX models that onnxruntime-web is measured with, in base64."""

import base64
import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

tensor = lambda name, shape, kind=TensorProto.FLOAT: helper.make_tensor_value_info(name, kind, shape)
model = lambda graph: helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)

product = helper.make_graph(
    [helper.make_node("MatMul", ["a", "b"], ["c"])],
    "product",
    [tensor("a", ["m", "k"]), tensor("b", ["k", "n"])],
    [tensor("c", ["m", "n"])],
)

rng = np.random.default_rng(1)
sizes, nodes, weights = [4, 64, 64, 2], [], []
x = "observation"
for layer, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
    weights.append(
        numpy_helper.from_array((rng.normal(size=(inputs, outputs)) / inputs**0.5).astype(np.float32), f"w{layer}")
    )
    weights.append(numpy_helper.from_array(np.zeros(outputs, dtype=np.float32), f"b{layer}"))
    nodes.append(helper.make_node("Gemm", [x, f"w{layer}", f"b{layer}"], [f"z{layer}"]))
    x = f"z{layer}"
    if layer < 2:
        nodes.append(helper.make_node("Tanh", [x], [f"h{layer}"]))
        x = f"h{layer}"
nodes.append(helper.make_node("ArgMax", [x], ["action"], axis=1, keepdims=0))
act = helper.make_graph(
    nodes, "act", [tensor("observation", [1, 4])], [tensor("action", [1], TensorProto.INT64)], weights
)

models = {"product": product, "act": act}
encoded = {name: base64.b64encode(model(graph).SerializeToString()).decode() for name, graph in models.items()}
(Path(__file__).parent.parent / "models.json").write_text(json.dumps(encoded, indent=1) + "\n")
