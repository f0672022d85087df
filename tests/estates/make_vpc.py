"""Makes one VPC at the endpoint given and prints its id; the harness tests itself with it."""

import sys

import boto3

ec2 = boto3.client("ec2", region_name="eu-west-1", endpoint_url=sys.argv[1])
print(ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"])
