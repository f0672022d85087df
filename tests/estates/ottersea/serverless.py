"""Functions, queues, topics, APIs and what sets them off."""

import io
import json
import zipfile

from . import plain, tags


def code():
    """A small archive with fixed times, so that its hash is the same on every run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("main.py"), "def handler(event, context):\n    return event\n")
    return buffer.getvalue()


def function(estate, name, role, team, memory=256, region="eu-west-1", vpc=None, env=None, runtime="python3.13"):
    wants = {}
    if vpc:
        wants["VpcConfig"] = {"SubnetIds": vpc.of("app"), "SecurityGroupIds": [vpc.groups["functions"]]}
    if env:
        wants["Environment"] = {"Variables": env}
    made = estate.client("lambda", region).create_function(
        FunctionName=name, Runtime=runtime, Role=estate.role(role), Handler="main.handler",
        Code={"ZipFile": code()}, MemorySize=memory, Timeout=30, Tags=plain("prod", team, name), **wants,
    )
    estate[f"function/{name}"] = made["FunctionArn"]
    return made["FunctionArn"]


def queue(estate, name, team, dead=None):
    sqs = estate.client("sqs")
    attributes = {"KmsMasterKeyId": estate["key/orders"], "VisibilityTimeout": "120"}
    if dead:
        attributes["RedrivePolicy"] = json.dumps(
            {"deadLetterTargetArn": estate[f"queue/{dead}"], "maxReceiveCount": "5"}
        )
    sqs.create_queue(QueueName=name, Attributes=attributes, tags=plain("prod", team, name))
    estate[f"queue/{name}"] = estate.arn("sqs", name)


def build_functions(estate):
    shop = estate["vpc/shop-prod"]
    function(estate, "order-intake", "order-functions", "payments", 512, vpc=shop,
             env={"TOPIC": estate.arn("sns", "order-placed"), "LOG_LEVEL": "info"})
    function(estate, "invoice-render", "order-functions", "payments", 1024, env={"BUCKET": "ottersea-invoices"})
    function(estate, "loyalty-update", "order-functions", "storefront")
    function(estate, "fraud-check", "order-functions", "payments", 1024)
    function(estate, "cover-resize", "media-functions", "storefront", 2048)
    function(estate, "stock-feed", "order-functions", "logistics")
    function(estate, "click-enrich", "insight-functions", "insight", 512)
    function(estate, "partner-orders", "api-functions", "partners", 512, runtime="nodejs22.x")
    function(estate, "reader-account", "api-functions", "storefront", 512, runtime="nodejs22.x")
    function(estate, "basket", "api-functions", "payments", 512, runtime="nodejs22.x")
    function(estate, "daily-figures", "insight-functions", "insight", 1024, region="us-east-1")
    function(estate, "facts-loader", "insight-functions", "insight", 512, region="us-east-1")


def build_messages(estate):
    queue(estate, "orders-dead", "payments")
    for name, team in (("orders-incoming", "payments"), ("invoicing", "payments"),
                       ("fulfilment", "logistics"), ("loyalty", "storefront")):
        queue(estate, name, team, dead="orders-dead")
    sns = estate.client("sns")
    for name, team in (("order-placed", "payments"), ("stock-changed", "logistics"), ("alarms", "platform")):
        made = sns.create_topic(Name=name, Attributes={"KmsMasterKeyId": estate["key/orders"]}, Tags=tags("prod", team, name))
        estate[f"topic/{name}"] = made["TopicArn"]
    for topic, protocol, to in (
        ("order-placed", "sqs", estate["queue/invoicing"]),
        ("order-placed", "sqs", estate["queue/fulfilment"]),
        ("order-placed", "sqs", estate["queue/loyalty"]),
        ("order-placed", "lambda", estate["function/fraud-check"]),
        ("alarms", "email", "on-call@ottersea.example"),
    ):
        sns.subscribe(TopicArn=estate[f"topic/{topic}"], Protocol=protocol, Endpoint=to)

    functions = estate.client("lambda")
    for source, name in (("queue/orders-incoming", "order-intake"), ("queue/invoicing", "invoice-render"),
                         ("queue/loyalty", "loyalty-update")):
        functions.create_event_source_mapping(EventSourceArn=estate[source], FunctionName=name, BatchSize=10)
    functions.create_event_source_mapping(
        EventSourceArn=estate["table/stock-levels"]["LatestStreamArn"], FunctionName="stock-feed", StartingPosition="LATEST"
    )
    functions.create_event_source_mapping(
        EventSourceArn=estate["stream/clicks"], FunctionName="click-enrich", StartingPosition="LATEST"
    )
    estate.client("lambda", "us-east-1").create_event_source_mapping(
        EventSourceArn=estate.arn("kinesis", "stream/sales-facts", "us-east-1"),
        FunctionName="facts-loader", StartingPosition="LATEST",
    )
    s3 = estate.client("s3")
    s3.put_bucket_notification_configuration(
        Bucket="ottersea-covers",
        NotificationConfiguration={"LambdaFunctionConfigurations": [
            {"LambdaFunctionArn": estate["function/cover-resize"], "Events": ["s3:ObjectCreated:*"]}]},
    )
    s3.put_bucket_notification_configuration(
        Bucket="ottersea-invoices",
        NotificationConfiguration={"TopicConfigurations": [
            {"TopicArn": estate["topic/alarms"], "Events": ["s3:ObjectRemoved:*"]}]},
    )


def build_apis(estate):
    region, account = "eu-west-1", estate.account
    http = estate.client("apigatewayv2")
    api = http.create_api(Name="partner-api", ProtocolType="HTTP", Tags=plain("prod", "partners", "partner-api"))["ApiId"]
    for route, name in (("POST /orders", "partner-orders"), ("GET /orders/{id}", "partner-orders")):
        integration = http.create_integration(
            ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=estate[f"function/{name}"], PayloadFormatVersion="2.0"
        )["IntegrationId"]
        http.create_route(ApiId=api, RouteKey=route, Target=f"integrations/{integration}")
    http.create_stage(ApiId=api, StageName="live", AutoDeploy=True)
    estate["api/partner-api"] = api

    rest = estate.client("apigateway")
    api = rest.create_rest_api(name="reader-app", description="The app on readers' phones",
                               tags=plain("prod", "storefront", "reader-app"))["id"]
    root = rest.get_resources(restApiId=api)["items"][0]["id"]
    for part, name in (("account", "reader-account"), ("basket", "basket")):
        made = rest.create_resource(restApiId=api, parentId=root, pathPart=part)["id"]
        rest.put_method(restApiId=api, resourceId=made, httpMethod="GET", authorizationType="AWS_IAM")
        uri = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{estate[f'function/{name}']}/invocations"
        rest.put_integration(restApiId=api, resourceId=made, httpMethod="GET", type="AWS_PROXY",
                             integrationHttpMethod="POST", uri=uri)
    rest.create_deployment(restApiId=api, stageName="live")
    estate["api/reader-app"] = api
    permit = estate.client("lambda")
    for name, source in (("partner-orders", "partner-api"), ("reader-account", "reader-app"), ("basket", "reader-app")):
        permit.add_permission(
            FunctionName=name, StatementId=f"from-{source}", Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{region}:{account}:{estate[f'api/{source}']}/*",
        )


def build_workflows(estate):
    """Returns run as a workflow; Virginia counts the day's figures every night."""
    steps = {
        "StartAt": "Receive",
        "States": {
            "Receive": {"Type": "Task", "Resource": estate["function/fraud-check"], "Next": "Restock"},
            "Restock": {"Type": "Task", "Resource": estate["function/stock-feed"], "End": True},
        },
    }
    machine = estate.client("stepfunctions").create_state_machine(
        name="returns", definition=json.dumps(steps), roleArn=estate.role("order-functions"),
        tags=[{"key": t["Key"], "value": t["Value"]} for t in tags("prod", "logistics", "returns")],
    )["stateMachineArn"]
    events = estate.client("events")
    events.create_event_bus(Name="shop")
    events.put_rule(Name="return-announced", EventBusName="shop",
                    EventPattern=json.dumps({"detail-type": ["return announced"]}))
    events.put_targets(Rule="return-announced", EventBusName="shop",
                       Targets=[{"Id": "returns", "Arn": machine, "RoleArn": estate.role("order-functions")}])
    nightly = estate.client("events", "us-east-1")
    nightly.put_rule(Name="nightly-figures", ScheduleExpression="cron(15 2 * * ? *)")
    nightly.put_targets(Rule="nightly-figures",
                        Targets=[{"Id": "figures", "Arn": estate["function/daily-figures"]}])
