"""Builds the demo's estate in a moto server: demo.py ENDPOINT ACCOUNT."""

import sys

from ottersea import Estate, compute, data, edge, identity, network, serverless

estate = Estate(endpoint=sys.argv[1], account=sys.argv[2])
network.build(estate)
identity.build_keys(estate)
identity.build_roles(estate)
identity.build_people(estate)
data.build_databases(estate)
data.build_tables(estate)
data.build_buckets(estate)
compute.build(estate)
serverless.build_functions(estate)
serverless.build_messages(estate)
serverless.build_apis(estate)
serverless.build_workflows(estate)
edge.build(estate)
estate.client("iam", "us-east-1").create_account_alias(AccountAlias="ottersea-books")
