"""The estate of Ottersea Books, a bookshop that does not exist.

Three VPCs in Ireland (shop, warehouse, shared services), two in Virginia (analytics, a standby of
the shop), and around them what a company of eighty people gathers: queues, functions, tables,
keys, roles. `demo.py` builds it; each file here builds one part into a shared `Estate`.
"""

import boto3
from botocore.config import Config


class Estate:
    """Clients by service and region, and what the parts tell each other by name."""

    def __init__(self, endpoint, account):
        self.endpoint = endpoint
        self.account = account
        self.made = {}
        self._clients = {}

    def client(self, service, region="eu-west-1"):
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = boto3.client(
                service,
                region_name=region,
                endpoint_url=self.endpoint,
                aws_access_key_id="testing",
                aws_secret_access_key="testing",
                config=Config(retries={"max_attempts": 1}),
            )
        return self._clients[key]

    def __getitem__(self, name):
        return self.made[name]

    def __setitem__(self, name, value):
        assert name not in self.made, name
        self.made[name] = value

    def arn(self, service, resource, region="eu-west-1"):
        return f"arn:aws:{service}:{region}:{self.account}:{resource}"

    def role(self, name):
        return f"arn:aws:iam::{self.account}:role/{name}"


def tags(env, team, service, **more):
    """Tags as EC2, RDS and most services take them."""
    pairs = {"env": env, "team": team, "service": service, **more}
    return [{"Key": key, "Value": value} for key, value in pairs.items()]


def named(name, env, team, service, **more):
    """The same with a Name, which EC2 resources have no other field for."""
    return [{"Key": "Name", "Value": name}] + tags(env, team, service, **more)


def plain(env, team, service):
    """Tags as Lambda, SQS and API Gateway take them."""
    return {"env": env, "team": team, "service": service}


def spec(kind, tag_list):
    """EC2's TagSpecifications."""
    return [{"ResourceType": kind, "Tags": tag_list}]
