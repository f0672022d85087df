"""Extracts the compact API models that crates/read/aws embeds from an installed botocore.

In: botocore's service models, paginators, endpoint rules and partitions. Out: a folder with
models.bin (one zstd blob per service and one for the endpoints), SOURCE.txt, and botocore's
LICENSE and NOTICE. Same botocore, same bytes. The format is described in crates/read/aws/models/README.md
and read by crates/read/aws/src/model.rs.

Only operations that read are kept (read_only.rs decides again at run time), and of those only what
the wire needs: no documentation, enums, validation or errors.

    python extract.py FOLDER            write the files
    python extract.py FOLDER --check    compare them with a fresh extraction; exit 1 when they differ
"""

import collections
import importlib.metadata
import json
import pathlib
import re
import struct
import sys

import botocore
import zstandard
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError
from botocore.loaders import Loader

MAGIC = b"ISOBAR-MODELS-1\n"

# ----------------------------------------------------------------- which operations are kept

VERBS = re.compile(r"^(List|Describe|Get|Lookup|Search|BatchGet|BatchDescribe|Simulate)(?![a-z])")
# These hand out credentials or secret values; the picture of an account needs none of them.
SECRETS = re.compile(
    r"^(Get|BatchGet).*(Credentials|Token|SecretValue|PasswordData|ResourceApiKey|StreamKey|AccessDetails|"
    r"DataAccess|InstanceAccess|EmbedUrl|LoginUrl)"
)
NAMED = {
    ("iam", "GenerateCredentialReport"),
    ("iam", "GetCredentialReport"),
    ("iam", "GenerateServiceLastAccessedDetails"),
    ("iam", "GenerateOrganizationsAccessReport"),
    # Reachable only inside the crate, for Identity::Role.
    ("sts", "AssumeRole"),
}
# Creates an identity when there is none.
UNWANTED = {("cognito-identity", "GetId")}


def is_kept(service, operation):
    key = (service, operation)
    if key in NAMED:
        return True
    return bool(VERBS.match(operation)) and not SECRETS.match(operation) and key not in UNWANTED


# ----------------------------------------------------------------- one service

SCALARS = {
    "string": "t", "character": "t", "boolean": "b", "integer": "i", "long": "i",
    "float": "f", "double": "f", "blob": "B", "timestamp": "T",
}
LOCATIONS = {"header": "h", "headers": "H", "statusCode": "c", "uri": "u", "querystring": "q"}
ROUTE53_IDS = {"ResourceId", "DelegationSetId", "ChangeId"}


class Service:
    """Renumbers the shapes that the kept operations reach."""

    def __init__(self, name, model, paginators):
        self.name, self.model, self.paginators = name, model, paginators
        self.shapes, self.numbers = [], {}
        self.usual_statics = usual_statics(name, model)

    def compact(self):
        meta = self.model["metadata"]
        out = {
            "protocol": protocol_of(meta),
            "version": meta["apiVersion"],
            "prefix": meta["endpointPrefix"],
            "id": meta["serviceId"],
        }
        for ours, theirs in [
            ("json", "jsonVersion"), ("target", "targetPrefix"), ("signing", "signingName"),
        ]:
            if theirs in meta:
                out[ours] = meta[theirs]
        if "awsQueryCompatible" in meta:
            out["query_compatible"] = True
        operations = {}
        for name, operation in sorted(self.model["operations"].items()):
            if is_kept(self.name, name) and not self.streams_events(operation):
                operations[name] = self.operation(name, operation)
        if not operations:
            return None
        out["operations"], out["shapes"] = operations, self.shapes
        return out

    def streams_events(self, operation):
        for side in ("input", "output"):
            shape = self.model["shapes"].get(operation.get(side, {}).get("shape"), {})
            for ref in shape.get("members", {}).values():
                if self.model["shapes"][ref["shape"]].get("eventstream") or ref.get("eventstream"):
                    return True
        return False

    def operation(self, name, operation):
        http, out = operation.get("http", {}), {}
        if http.get("method", "POST") != "POST":
            out["m"] = http["method"]
        uri = http.get("requestUri", "/")
        if self.name == "s3" and uri.startswith("/{Bucket}"):
            # Where the bucket goes (host or path) is decided by the addressing, not by the URI.
            uri = "/" + uri[len("/{Bucket}"):].lstrip("/")
            out["b"] = 1
        if uri != "/":
            out["u"] = uri
        if "input" in operation:
            ref = operation["input"]
            shape = self.model["shapes"][ref["shape"]]
            out["i"] = self.shape(ref["shape"])
            payload = shape.get("payload")
            root = ref
            if payload:
                root = dict(self.model["shapes"][shape["members"][payload]["shape"]])
                root.update(shape["members"][payload])
            if protocol_of(self.model["metadata"]) == "rest-xml" and "locationName" in root:
                out["x"] = [root["locationName"], namespace(root)]
        if "output" in operation:
            out["o"] = self.shape(operation["output"]["shape"])
            if "resultWrapper" in operation["output"]:
                out["w"] = operation["output"]["resultWrapper"]
        prefix = operation.get("endpoint", {}).get("hostPrefix")
        if prefix:
            out["h"] = prefix
        if operation.get("authtype") == "none" or operation.get("auth") == ["smithy.api#noAuth"]:
            out["n"] = 1
        extra = static_parameters(self.name, operation)
        if extra != self.usual_statics:
            out["e"] = endpoint_key(self.name, extra)
        page = self.paginators.get(name)
        if page and page.get("result_key"):
            as_list = lambda v: v if isinstance(v, list) else [v]
            out["p"] = {"i": as_list(page["input_token"]), "o": as_list(page["output_token"]),
                        "r": as_list(page["result_key"])}
            if "more_results" in page:
                out["p"]["m"] = page["more_results"]
            if page.get("non_aggregate_keys"):
                out["p"]["n"] = page["non_aggregate_keys"]
        return out

    def shape(self, name, ref=None):
        """The number of a shape as a reference sees it: the reference's traits win."""
        shape = dict(self.model["shapes"][name])
        shape.update({k: v for k, v in (ref or {}).items() if k in ("flattened", "timestampFormat", "jsonvalue")})
        kind = shape["type"]
        if kind in SCALARS:
            text = SCALARS[kind]
            if kind == "timestamp" and "timestampFormat" in shape:
                text = {"iso8601": "Ti", "unixTimestamp": "Tu", "rfc822": "Tr"}[shape["timestampFormat"]]
            elif kind == "string" and shape.get("jsonvalue"):
                text = "J"
            elif kind == "string" and self.name == "iam" and name == "policyDocumentType":
                text = "P"
            elif kind == "string" and self.name == "route53" and name in ROUTE53_IDS:
                text = "R"
            return self.number(text, text)
        key = (name, bool(shape.get("flattened")))
        if key in self.numbers:
            return self.numbers[key]
        number = self.numbers[key] = len(self.shapes)
        self.shapes.append(None)
        flat = {"f": 1} if shape.get("flattened") else {}
        if kind == "list":
            self.shapes[number] = {"l": self.ref(shape["member"]), **flat}
        elif kind == "map":
            self.shapes[number] = {"k": self.ref(shape["key"]), "v": self.ref(shape["value"]), **flat}
        else:
            out = {"s": [self.ref(ref, member) for member, ref in shape["members"].items()]}
            if shape.get("document"):
                out["d"] = 1
            if shape.get("union"):
                out["u"] = 1
            if shape.get("payload"):
                out["p"] = list(shape["members"]).index(shape["payload"])
            self.shapes[number] = out
        return number

    def number(self, key, shape):
        if key not in self.numbers:
            self.numbers[key] = len(self.shapes)
            self.shapes.append(shape)
        return self.numbers[key]

    def ref(self, ref, member=None):
        """[member name or "", shape number, traits]; traits only where there are some."""
        shape, traits = self.model["shapes"][ref["shape"]], {}
        both = {k: v for k, v in shape.items() if k in ("locationName", "xmlNamespace", "location")}
        both.update(ref)
        name = both.get("locationName")
        if name is not None and name != member:
            traits["n"] = name
        if both.get("location") in LOCATIONS:
            traits["l"] = LOCATIONS[both["location"]]
        if both.get("xmlAttribute"):
            traits["a"] = 1
        if both.get("queryName"):
            traits["q"] = both["queryName"]
        if both.get("hostLabel"):
            traits["h"] = 1
        if both.get("idempotencyToken"):
            traits["i"] = 1
        if namespace(both):
            traits["x"] = namespace(both)
        out = [member or "", self.shape(ref["shape"], ref)]
        if traits:
            out.append(traits)
        return out


def protocol_of(meta):
    """The first protocol that we speak; CBOR is left out, its services offer JSON or query too."""
    for protocol in meta.get("protocols") or [meta["protocol"]]:
        if protocol != "smithy-rpc-v2-cbor":
            return protocol
    return None


def namespace(traits):
    found = traits.get("xmlNamespace")
    return found.get("uri", "") if isinstance(found, dict) else (found or "")


# ----------------------------------------------------------------- endpoints

VARIANTS = {"plain": (False, False), "fips": (True, False), "dual": (False, True), "fips_dual": (True, True)}
# Rule parameters that operations fix and that change the host. (s3control's RequiresAccountId is
# left out: the host prefix does that.)
STATIC = {"acm": "ServiceType", "neptune-graph": "ApiType"}


def static_parameters(service, operation):
    """The rule parameters that an operation fixes: (name, value) or none."""
    name = STATIC.get(service)
    found = operation.get("staticContextParams", {}).get(name)
    return (name, found["value"]) if found else None


def usual_statics(service, model):
    found = [static_parameters(service, o) for n, o in model["operations"].items() if is_kept(service, n)]
    return collections.Counter(found).most_common(1)[0][0] if found else None


def endpoint_key(service, statics):
    return service if statics is None else f"{service}/{statics[1]}"


def endpoints_of(loader, names, models, partitions, regions):
    """service -> variant -> rows [partition or region, url, signing region, signing name].

    The url is a template with {region}. A row named after a partition holds for all of it, one named
    after a region wins over that. An empty url says that there is no endpoint. Left out is what follows
    the rule https://{prefix}[-fips].{region}.{suffix}, signed for the region, under the model's name.
    """
    out = {}
    for name in names:
        rules = loader.load_service_model(name, "endpoint-rule-set-1")
        provider = EndpointProvider(rules, partitions)
        known = set(rules["parameters"])
        meta = models[name]["metadata"]
        signing = meta.get("signingName", meta["endpointPrefix"])
        usual = usual_statics(name, models[name])
        kept = [o for n, o in models[name]["operations"].items() if is_kept(name, n)]
        for statics in sorted({static_parameters(name, o) for o in kept} | {usual}, key=str):
            table = {}
            for variant, (fips, dual) in VARIANTS.items():
                rows = []
                for partition in partitions["partitions"]:
                    outputs = partition["outputs"]
                    suffix = outputs["dualStackDnsSuffix" if dual else "dnsSuffix"]
                    rule = ("https://%s%s.{region}.%s" % (meta["endpointPrefix"], "-fips" if fips else "", suffix), "", "")
                    found = {}
                    for region in regions[partition["id"]]:
                        given = {"Region": region, "UseFIPS": fips, "UseDualStack": dual,
                                 "UseGlobalEndpoint": False, "RequiresAccountId": False}
                        given |= dict([statics] if statics else [])
                        given = {k: v for k, v in given.items() if k in known}
                        try:
                            found[region] = row_of(provider.resolve_endpoint(**given), region, signing)
                        except EndpointProviderError:
                            found[region] = ("", "", "")
                    most, _ = collections.Counter(found.values()).most_common(1)[0]
                    if most != rule:
                        rows.append([partition["id"], *most])
                    rows += [[region, *row] for region, row in sorted(found.items()) if row != most]
                if rows:
                    table[variant] = rows
            if table:
                out[name if statics == usual else endpoint_key(name, statics)] = table
    return out


def row_of(answer, region, signing):
    url = answer.url.replace(region, "{region}")
    schemes = answer.properties.get("authSchemes") or [{}]
    scheme = next((s for s in schemes if s.get("name") == "sigv4"), schemes[0])
    sign_region = scheme.get("signingRegion") or ""
    sign_name = scheme.get("signingName") or ""
    return (url.rstrip("/"), "" if sign_region == region else sign_region, "" if sign_name == signing else sign_name)


def regions_of(partitions, legacy):
    """The real regions of each partition; pseudo-regions such as aws-global are of no use to us."""
    out = {}
    for partition in partitions["partitions"]:
        names = {r for r in partition["regions"] if not r.endswith("-global")}
        out[partition["id"]] = sorted(names)
    for partition in legacy["partitions"]:
        if partition["partition"] in out:
            out[partition["partition"]] = sorted(set(out[partition["partition"]]) | set(partition["regions"]))
    return out


# ----------------------------------------------------------------- the files


def extract():
    """file name -> bytes"""
    loader = Loader(include_default_search_paths=True, extra_search_paths=[])
    # Only what ships with botocore: a user's own models must not leak in.
    loader.search_paths[:] = [Loader.BUILTIN_DATA_PATH]
    names = loader.list_available_services("service-2")
    models = {name: loader.load_service_model(name, "service-2") for name in names}
    packer = zstandard.ZstdCompressor(level=22, write_content_size=True, write_checksum=False)
    compact, operations = {}, 0
    for name in names:
        if protocol_of(models[name]["metadata"]) is None:
            print(f"  {name}: speaks only CBOR, left out", file=sys.stderr)
            continue
        try:
            paginators = loader.load_service_model(name, "paginators-1")["pagination"]
        except Exception:
            paginators = {}
        service = Service(name, models[name], paginators).compact()
        if service:
            compact[name] = service
            operations += len(service["operations"])
    partitions = loader.load_data("partitions")
    regions = regions_of(partitions, loader.load_data("endpoints"))
    endpoints = {
        "partitions": {p["id"]: {"suffix": p["outputs"]["dnsSuffix"], "dual": p["outputs"]["dualStackDnsSuffix"],
                                 "regions": regions[p["id"]]}
                       for p in partitions["partitions"]},
        "services": endpoints_of(loader, list(compact), models, partitions, regions),
    }
    blobs, index, at = [], {}, 0
    for name, value in [("", endpoints), *sorted(compact.items())]:
        raw = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
        blob = packer.compress(raw)
        index[name] = [at, len(blob), len(raw)]
        at += len(blob)
        blobs.append(blob)
    head = json.dumps({"botocore": botocore.__version__, "index": index}, separators=(",", ":")).encode()
    head = packer.compress(head)
    package = pathlib.Path(botocore.__file__).parent
    source = (
        f"botocore {botocore.__version__} (Apache-2.0), from PyPI\n"
        f"{len(compact)} services, {operations} reading operations\n"
        "Written by `cargo xtask models`; do not edit.\n"
    )
    print(source, file=sys.stderr)
    return {
        "models.bin": MAGIC + struct.pack("<I", len(head)) + head + b"".join(blobs),
        "SOURCE.txt": source.encode(),
        "LICENSE": licence("LICENSE", package),
        "NOTICE": licence("NOTICE", package),
    }


def licence(name, package):
    for file in importlib.metadata.files("botocore") or []:
        if file.name.split(".")[0] == name:
            return file.locate().read_bytes()
    return (package / name).read_bytes()


def main(arguments):
    folder, check = pathlib.Path(arguments[0]), "--check" in arguments
    stale = []
    for name, content in extract().items():
        path = folder / name
        if check:
            if not path.exists() or path.read_bytes() != content:
                stale.append(name)
        else:
            path.write_bytes(content)
            print(f"{path}: {len(content)} bytes")
    if stale:
        sys.exit(f"stale: {', '.join(stale)}; run `cargo xtask models` and commit the result")


if __name__ == "__main__":
    main(sys.argv[1:])
