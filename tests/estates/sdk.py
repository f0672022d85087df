"""Cloudcraft's own Python SDK, unmodified, from linking to unlinking: sdk.py HOST PORT KEY."""

import json
import re
import struct
import sys
import uuid
import xml.etree.ElementTree as ET

from cloudcraftco.cloudcraft import Cloudcraft
from cloudcraftco.error import (
    CloudcraftForbidden,
    CloudcraftMalformed,
    CloudcraftMissingResource,
    CloudcraftUnauthorized,
    CloudcraftUnexpected,
)

host, port, key = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def sdk(api_key=key):
    return Cloudcraft({"host": host, "port": port, "protocol": "http", "api_key": api_key})


def fails(kind, words, call, *arguments):
    try:
        got = call(*arguments)
    except kind as error:
        assert words in str(error), (words, str(error))
        return
    raise AssertionError(f"{kind.__name__} expected, got {got!r:.200}")


cloudcraft = sdk()
me = cloudcraft.read_user_profile()
assert len(me["id"]) == 36 and me["email"] is not None and me["settings"] is not None, me

parameters = cloudcraft.read_aws_role_parameters()
assert len(parameters["externalId"]) == 36 and parameters["accountId"] == "123456789012", parameters
assert parameters["externalId"] in parameters["awsConsoleUrl"]

assert cloudcraft.list_aws_accounts() == {"accounts": []}
role = "arn:aws:iam::123456789012:role/isobar"
made = cloudcraft.create_aws_account({"name": "shop", "roleArn": role})
assert len(made["id"]) == 36 and made["roleArn"] == role and made["name"] == "shop", made
assert made["externalId"] == parameters["externalId"] and made["readAccess"] is None, made
listed = cloudcraft.list_aws_accounts()["accounts"]
assert [a["id"] for a in listed] == [made["id"]] and listed[0]["source"] == "aws", listed
id = made["id"]

changed = cloudcraft.update_aws_account(id, {"name": "shop (live)", "roleArn": role, "createdAt": "0001-01-01T00:00:00Z"})
assert changed["name"] == "shop (live)" and changed["createdAt"] == made["createdAt"], changed


def shot(format, **options):
    got = cloudcraft.snapshot_aws_account(id, "eu-west-1", format, options)
    assert isinstance(got, bytes), got
    return got


data = json.loads(shot("json"))["data"]
names = {node.get("name") for node in data["nodes"]}
types = {node["type"] for node in data["nodes"]}
assert {"ec2", "elb", "rds", "lambda", "s3", "sqs"} <= types, types
assert {"web-0", "web-1"} <= names or any("web-0" in json.dumps(n) for n in data["nodes"]), names
assert any(g["type"] == "vpc" for g in data["groups"]), data["groups"]
assert data["edges"], "nothing is connected"

svg = shot("svg", width=30, height=20, grid=True, transparent=True).decode()
for mark in ("<svg", 'width="30"', 'height="20"', 'fill="url(#gridPatternMajor)"', 'fill="none" id="interactionLayer"'):
    assert mark in svg, mark
ET.fromstring(svg)

png = shot("png", width=1920, height=1080)
assert png[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", png[16:24]) == (1920, 1080), png[:32]
small, large = shot("png", scale=0.5), shot("png", scale=1.0)
assert struct.unpack(">I", small[16:20])[0] < struct.unpack(">I", large[16:20])[0]
assert shot("webp")[:4] == b"RIFF"
pdf = shot("pdf", paperSize="A4", landscape=True)
assert pdf[:5] == b"%PDF-", pdf[:20]
ET.fromstring(shot("mxGraph"))
assert shot("svg", projection="2d") != shot("svg", projection="isometric")
assert shot("svg", theme="dark") != shot("svg", theme="light")
plain = re.sub(r"<title>.*?</title>|aria-label=\"[^\"]*\"|data-[a-z]+=\"[^\"]*\"", "", shot("svg", label=False).decode(), flags=re.S)
assert "web-0" in shot("svg").decode() and "web-0" not in plain
assert json.loads(shot("json", autoconnect=False))["data"]["edges"] == []

only = json.loads(shot("json", filter="type=ec2"))["data"]["nodes"]
assert {n["type"] for n in only} == {"ec2"}, only
without = json.loads(shot("json", exclude=["ec2", "rds"]))["data"]["nodes"]
assert without and not {"ec2", "rds"} & {n["type"] for n in without}

wrong = str(uuid.UUID(int=uuid.UUID(id).int ^ 1))
fails(CloudcraftMissingResource, "AwsAccount not found", cloudcraft.snapshot_aws_account, wrong, "eu-west-1", "svg")
fails(CloudcraftMissingResource, "AwsAccount not found", cloudcraft.update_aws_account, wrong, {"name": "x", "roleArn": role})
fails(CloudcraftMissingResource, "AwsAccount not found", cloudcraft.delete_aws_account, wrong)
fails(CloudcraftMalformed, "Invalid parameter format: accountId", cloudcraft.delete_aws_account, "invalid-id")
fails(CloudcraftMalformed, "Invalid region parameter: mars", cloudcraft.snapshot_aws_account, id, "mars", "svg")
fails(CloudcraftMalformed, "fileFormat", cloudcraft.snapshot_aws_account, id, "eu-west-1", "gif")
fails(CloudcraftMalformed, "", cloudcraft.snapshot_aws_account, id, "eu-west-1", "svg", {"filter": "(type=ec2"})
fails(CloudcraftMalformed, "", cloudcraft.snapshot_aws_account, id, "eu-west-1", "png", {"width": -1})
# The SDK calls a 400 on create undocumented.
fails(CloudcraftUnexpected, "roleArn", cloudcraft.create_aws_account, {"name": "x", "roleArn": "arn:invalid-arn"})
fails(CloudcraftUnauthorized, "", sdk("no-such-key").list_aws_accounts)
assert cloudcraft.list_azure_accounts() == {"accounts": []}
fails((CloudcraftUnexpected, CloudcraftForbidden), "", cloudcraft.create_azure_account, {"name": "x"})

cloudcraft.delete_aws_account(id)
assert cloudcraft.list_aws_accounts() == {"accounts": []}
fails(CloudcraftMissingResource, "AwsAccount not found", cloudcraft.snapshot_aws_account, id, "eu-west-1", "svg")
print("ok")
