//! Cloudcraft's API as its SDKs use it: accounts, drawings, the small endpoints.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use super::{ROLE, Server, UNKNOWN, check_error};
use crate::ServeConfig;

#[tokio::test]
async fn accounts_live_and_die_as_the_sdks_expect() {
    let server = Server::demo().await;
    // What Go sends: zero times that must not be stored, and an unknown field.
    let body = json!({
        "name": "Go", "roleArn": ROLE, "createdAt": "0001-01-01T00:00:00Z", "updatedAt": "0001-01-01T00:00:00Z",
        "id": UNKNOWN, "externalId": "", "CreatorId": "", "source": "aws", "whatever": 1,
        "readAccess": null, "region": "eu-west-1",
    });
    let created = server.call("POST", "/api/aws/account/", &body.to_string()).await;
    assert_eq!(created.status, 201, "{}", created.text());
    let account = created.json();
    let id = account["id"].as_str().unwrap();
    assert!(id.len() == 36 && id != UNKNOWN && id == id.to_lowercase());
    assert_eq!(account["externalId"].as_str().unwrap().len(), 36);
    assert_eq!(account["readAccess"], Value::Null);
    assert_eq!(account["CreatorId"].as_str().unwrap().len(), 36);
    assert!(account.get("source").is_none() && account.get("whatever").is_none());
    let time = account["createdAt"].as_str().unwrap();
    assert!(time.len() == 24 && time.ends_with('Z') && !time.starts_with("0001"), "{time}");

    let team = format!("team/{UNKNOWN}");
    let body = json!({
        "id": "x", "name": "Renamed", "roleArn": ROLE, "createdAt": "0001-01-01T00:00:00Z", "readAccess": [team],
    });
    let updated = server.call("PUT", &format!("/aws/account/{id}"), &body.to_string()).await;
    assert_eq!(updated.status, 200);
    let changed = updated.json();
    assert_eq!(changed["name"], "Renamed");
    assert_eq!(changed["readAccess"], json!([team]));
    assert_eq!((&changed["id"], &changed["createdAt"]), (&account["id"], &account["createdAt"]));
    // Partial: what is absent stays, an empty list unshares.
    let changed = server.call("PUT", &format!("/aws/account/{id}"), r#"{"readAccess":[]}"#).await.json();
    assert_eq!((&changed["name"], &changed["readAccess"]), (&json!("Renamed"), &json!([])));

    let list = server.get("/aws/account/").await;
    let rows = list.json();
    let row = rows["accounts"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap();
    assert_eq!(row["source"], "aws");
    assert!(list.header("etag").starts_with("W/\""), "{}", list.header("etag"));

    let removed = server.call("DELETE", &format!("/aws/account/{id}"), "").await;
    assert_eq!((removed.status.as_u16(), removed.body.len()), (204, 0));
    assert!(removed.headers.get("content-type").is_none() && removed.headers.get("content-length").is_none());
    assert_eq!(server.call("DELETE", &format!("/aws/account/{id}"), "").await.status, 404);
    assert_eq!(server.get("/aws/account").await.json()["accounts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_small_endpoints() {
    let server = Server::demo().await;
    let user = server.get("/user/me").await.json();
    assert!(user["settings"].is_object() && user["email"].as_str().unwrap().contains('@'));
    assert!(user["accessedAt"].as_str().unwrap().ends_with('Z'));
    assert_eq!(server.get("/team").await.json(), json!([]));
    assert_eq!(server.get("/azure/account").await.json(), json!({"accounts": []}));
    let iam = server.get("/aws/account/iamParameters").await.json();
    assert_eq!(iam["accountId"], "111122223333");
    let expected = format!(
        "https://console.aws.amazon.com/iam/home?#/roles$new?step=type&roleType=crossAccount&isThirdParty\
         &accountID=111122223333&externalID={}&roleName=cloudcraft&policies=arn:aws:iam::aws:policy%2FReadOnlyAccess",
        iam["externalId"].as_str().unwrap()
    );
    assert_eq!(iam["awsConsoleUrl"], expected);
    let policy = server.get("/aws/account/iamParameters/policy/minimal").await.json();
    assert_eq!(policy["Version"], "2012-10-17");
    assert_eq!(policy["Statement"][0]["Effect"], "Allow");
    let scope = server.app.operator().await.unwrap();
    assert_eq!(iam["externalId"], server.app.user(&scope).await.unwrap().external_id.to_string());
}

#[tokio::test]
async fn drawings_in_every_format() {
    let server = Server::demo().await;
    let id = server.account().await;
    let region = "eu-west-1";
    for (format, kind, begins) in [
        ("json", "application/json", &b"{\"data\":"[..]),
        ("svg", "image/svg+xml", b"<?xml version=\"1.0\" standalone=\"no\"?>\n<!DOCTYPE svg"),
        ("png", "image/png", b"\x89PNG"),
        ("webp", "image/webp", b"RIFF"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("mxGraph", "application/xml", b"<"),
        ("mxgraph", "application/xml", b"<"),
    ] {
        let path = format!(
            "/aws/account/{id}/{region}/{format}?filter=type%3Dec2+OR+vpc&exclude=ebs&exclude=sg,natgateway&label=True&nobody=knows"
        );
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 200, "{format}: {}", answer.text());
        assert_eq!(answer.header("content-type"), kind);
        assert!(answer.body.starts_with(begins), "{format}");
    }
    let sized = format!("/api/aws/account/{id}/{region}/svg?width=30&height=20&grid=true&transparent=true");
    let svg = server.get(&sized).await.text();
    for mark in [
        "<svg",
        "width=\"30\"",
        "height=\"20\"",
        "fill=\"url(#gridPatternMajor)\"",
        "fill=\"none\" id=\"interactionLayer\"",
    ] {
        assert!(svg.contains(mark), "{mark}");
    }
    let png = server.get(&format!("/aws/account/{id}/{region}/png?width=192&height=108")).await.body;
    assert_eq!((&png[16..20], &png[20..24]), (&192u32.to_be_bytes()[..], &108u32.to_be_bytes()[..]));
    // A region the demo does not have is an empty, true picture.
    let empty = server.get(&format!("/aws/account/{id}/ap-south-1/json")).await;
    assert_eq!(empty.status, 200);
    assert!(empty.json()["data"].is_object());
    let again = server.get(&sized).await.text();
    assert_eq!(svg, again, "the same request gives the same bytes");
}

#[tokio::test]
async fn a_hold_that_ends_is_a_202_and_the_retry_brings_the_result() {
    let server = Server::demo().await;
    let path = format!("/aws/account/{}/us-east-1/svg?grid=1", server.account().await);
    let asked =
        |wait: &'static str| server.request("GET", &path).header("prefer", wait).body(Body::empty()).unwrap();
    let early = server.send(asked("respond-async, wait=0")).await;
    assert_eq!((early.status.as_u16(), early.header("content-type")), (202, "application/json"));
    let words = "{\"code\":\"STILL_PROCESSING\",\"message\":\"Result wait time exceeded. Processing continues in the \
                 background, retry to receive result.\",\"retry\":true}";
    assert_eq!(early.text(), words);
    assert_eq!(early.header("preference-applied"), "wait=0");
    let late = server.send(asked("wait=9999")).await;
    assert_eq!((late.status.as_u16(), late.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(late.header("preference-applied"), "wait=120", "no longer than the operator allows");
}

#[tokio::test]
async fn an_earlier_snapshot_is_taken_as_it_was_given() {
    let server = Server::demo().await;
    let id = server.account().await;
    let (svg, json) =
        (format!("/aws/account/{id}/eu-west-1/svg"), format!("/aws/account/{id}/eu-west-1/json"));
    let (plain, mut earlier) = (server.get(&svg).await, server.get(&json).await.json());
    // A reader's key draws; nothing is written.
    let read = |body: String| {
        let bearer = format!("Bearer {}", server.read_only.reveal());
        let request = Request::builder().method("POST").uri(svg.as_str()).header("authorization", bearer);
        server.send(request.body(Body::from(body)).unwrap())
    };
    let again = read(earlier.to_string()).await;
    assert_eq!((again.status.as_u16(), again.header("content-type")), (200, "image/svg+xml"));
    // Two neighbours of one group change places where one is locked where the other stands.
    let nodes = &earlier["data"]["nodes"];
    let at = |name: &str| nodes.as_array().unwrap().iter().position(|node| node["name"] == name).unwrap();
    let pair = (at("sorter-1"), at("sorter-3"));
    let place = nodes[pair.1]["mapPos"].clone();
    earlier["data"]["nodes"][pair.0]["locked"] = json!(true);
    earlier["data"]["nodes"][pair.0]["mapPos"] = place.clone();
    let locked = server.call("POST", &json, &earlier.to_string()).await.json();
    let node = &locked["data"]["nodes"][pair.0];
    assert_eq!((&node["locked"], &node["mapPos"]), (&json!(true), &place));
    assert!(locked["data"]["isobar"].get("displaced").is_none());
    assert!(server.call("POST", &svg, &earlier.to_string()).await.body != again.body);
    // Whoever asked before with what leaves no trace.
    assert!(read(earlier["data"].to_string()).await.body != plain.body);
    assert!(server.get(&svg).await.body == plain.body);

    let config = ServeConfig { largest_snapshot: 100, ..ServeConfig::default() };
    let large = Server::with(config).await.call("POST", &svg, &" ".repeat(101)).await;
    check_error(&large, 413, "payload_too_large", "The request body is larger than 100 bytes");
}
