"""Makes the catalog's calls with boto3 and prints a line of JSON for each: dump.py ENDPOINT REGION...

What isobar's own client and collector bring for the same estate has to equal these lines.
"""

import base64
import datetime
import json
import pathlib
import sys
import tomllib

import boto3
import jmespath
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

SERVICES = pathlib.Path(__file__).parents[2] / "crates/read/catalog/services"
HOME = "us-east-1"


def printable(value):
    """Times and bytes as the AWS CLI prints them."""
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if hasattr(value, "read"):
        return base64.b64encode(value.read()).decode()
    raise TypeError(type(value))


def ask(client, operation, parameters):
    name = xform_name(operation)
    try:
        if client.can_paginate(name):
            answer = client.get_paginator(name).paginate(**parameters).build_full_result()
        else:
            answer = getattr(client, name)(**parameters)
            answer.pop("ResponseMetadata", None)
    except ClientError as error:
        return {"code": error.response["Error"].get("Code", ""), "message": str(error)}
    except BotoCoreError as error:
        return {"code": type(error).__name__, "message": str(error)}
    return {"answer": json.loads(json.dumps(answer, default=printable))}


def parameter_sets(call, earlier):
    fixed = call.get("with", {})
    each = call.get("each")
    if not each:
        yield fixed
        return
    for parameters, answer in earlier.get(each["from"], []):
        items = jmespath.search(each["at"], answer)
        items = [] if items is None else items if isinstance(items, list) else [items]
        kept = {name: parameters[name] for name in each.get("carry", []) if name in parameters}
        if each.get("batch"):
            # As the collector does, so that the same things stand in the same batch.
            items, size = sorted(items), each["batch"]
            for at in range(0, len(items), size):
                yield {**fixed, **kept, each["as"]: items[at : at + size]}
        else:
            for item in items:
                yield {**fixed, **kept, each["as"]: item}


def main(endpoint, regions):
    specs = [tomllib.loads(path.read_text()) for path in sorted(SERVICES.glob("*.toml"))]
    for region in ["global", *regions]:
        earlier = {}
        for spec in specs:
            if (spec["scope"] == "global") != (region == "global"):
                continue
            client = boto3.client(
                spec["service"],
                region_name=HOME if region == "global" else region,
                endpoint_url=endpoint,
                config=Config(retries={"max_attempts": 1}),
            )
            for call in spec.get("call", []):
                operation = call["operation"]
                for parameters in parameter_sets(call, earlier):
                    came = ask(client, operation, parameters)
                    if "answer" in came:
                        for key in (operation, f"{spec['service']}:{operation}"):
                            earlier.setdefault(key, []).append((parameters, came["answer"]))
                    line = {"service": spec["service"], "operation": operation, "region": region}
                    line |= {"parameters": parameters, "absent": call.get("absent", [])}
                    print(json.dumps(line | came, ensure_ascii=False))
            for call in spec.get("call", []):
                earlier.pop(call["operation"], None)


main(sys.argv[1], sys.argv[2:])
