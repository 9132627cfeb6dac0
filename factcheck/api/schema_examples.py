"""The examples of OpenAPI: requests that were really made and what they were answered, kept in `examples.json`.

`tests/api/test_examples.py` makes every one of them anew and writes the file with `WRITE_EXAMPLES=1`.
"""

import json
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "examples.json"
_JSON = "application/json"


def tell(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Add to every operation its example (drf-spectacular calls this)."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for operations in result["paths"].values():
        for operation in operations.values():
            example = kept.get(operation["operationId"])
            if example is None:
                continue
            if "request" in example:
                operation["requestBody"]["content"][_JSON]["example"] = example["request"]
            if "answer" in example:
                operation["responses"][str(example["status"])]["content"][_JSON]["example"] = example[
                    "answer"
                ]
    return result
