"""An organization of 25 accounts, so that ListAccounts has pages: organization.py ENDPOINT."""

import sys

import boto3

organizations = boto3.client("organizations", region_name="us-east-1", endpoint_url=sys.argv[1])
organizations.create_organization(FeatureSet="ALL")
for at in range(23):
    organizations.create_account(Email=f"a{at}@example.com", AccountName=f"Team {at:02} (Prod)")
organizations.create_account(Email="old@example.com", AccountName="Old one")
