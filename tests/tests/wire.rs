//! What the SDKs of Go, Node and Python send and expect, as bytes on the wire.
//!
//! Each case is a quirk that was seen in those clients: what they put into bodies and queries, what
//! their readers choke on.

use isobar_tests::{Answer, KEY, Moto, Server, request, run_python, scratch};
use serde_json::{Value, json};

const ROLE: &str = "arn:aws:iam::123456789012:role/isobar";

struct Shop {
    server: Server,
    account: Value,
    _moto: Moto,
}

fn shop() -> Shop {
    let moto = Moto::start();
    run_python("estate.py", &[&moto.url()], &[]).ok();
    let server = Server::start(&moto.url(), &[]);
    let account = server.link("shop", ROLE);
    Shop { server, account, _moto: moto }
}

impl Shop {
    fn path(&self, rest: &str) -> String {
        format!("/aws/account/{}{rest}", self.account["id"].as_str().expect("an id"))
    }
    fn send(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let authorization = format!("Bearer {KEY}");
        let mut all = vec![("Authorization", authorization.as_str())];
        all.extend(headers);
        request(self.server.port(), method, target, &all, body.as_bytes())
    }
}

/// Every answer that is no success: a JSON object with a text `error`, not stored, not sniffed.
#[track_caller]
fn is_refusal(answer: &Answer, status: u16, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let kind = answer.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("application/json"), "{kind}");
    let body = answer.json();
    let error = body["error"].as_str().expect("a text `error`");
    assert!(error.contains(words), "{error:?} does not say {words:?}");
    assert_eq!(answer.header("location"), None);
}

#[test]
fn bodies_that_go_and_node_send() {
    let shop = shop();
    // Go sends zero times always, and the id on PUT.
    let go = json!({"id": shop.account["id"], "name": "from go", "roleArn": ROLE, "createdAt": "0001-01-01T00:00:00Z",
        "updatedAt": "0001-01-01T00:00:00Z", "externalId": "", "readAccess": null, "writeAccess": null, "source": ""});
    let headers = [
        ("Content-Type", "application/json"),
        ("User-Agent", "cloudcraft-go/1.1.0"),
        ("Accept-Encoding", "identity"),
    ];
    let answer = shop.send("PUT", &shop.path(""), &headers, &go.to_string());
    assert_eq!(answer.status, 200, "{}", answer.text());
    let changed = answer.json();
    assert_eq!(changed["name"], "from go");
    for kept in ["id", "createdAt", "externalId", "CreatorId", "roleArn"] {
        assert_eq!(changed[kept], shop.account[kept], "{kept}");
    }
    // Node sends the whole object back, with what it does not know of.
    let mut node = changed.clone();
    node["name"] = json!("from node");
    node["anything"] = json!({"else": [1]});
    let answer = shop.send("PUT", &shop.path(""), &[("Content-Type", "application/json")], &node.to_string());
    assert_eq!((answer.status, &answer.json()["name"]), (200, &json!("from node")), "{}", answer.text());
    // The published curl and Ruby samples name no content type, or a form's.
    for headers in [&[][..], &[("Content-Type", "application/x-www-form-urlencoded")][..]] {
        let answer =
            shop.send("PUT", &shop.path(""), headers, &json!({"name": "curl", "roleArn": ROLE}).to_string());
        assert_eq!(answer.status, 200, "{headers:?} {}", answer.text());
    }
    is_refusal(&shop.send("PUT", &shop.path(""), &[], "{\"name\": "), 400, "");
    is_refusal(&shop.send("PUT", &shop.path(""), &[], "[]"), 400, "");
    is_refusal(&shop.send("POST", "/aws/account", &[], ""), 400, "");
}

#[test]
fn lists_booleans_and_spaces_in_queries() {
    let shop = shop();
    let types = |query: &str| -> Vec<String> {
        let answer = shop.server.get(&shop.path(&format!("/eu-west-1/json?{query}")));
        assert_eq!(answer.status, 200, "{query}: {}", answer.text());
        let body = answer.json();
        let mut types: Vec<String> = body["data"]["nodes"]
            .as_array()
            .expect("nodes")
            .iter()
            .map(|n| n["type"].as_str().unwrap().to_owned())
            .collect();
        types.sort();
        types.dedup();
        types
    };
    let all = types("");
    assert!(all.contains(&"ec2".to_owned()) && all.contains(&"rds".to_owned()), "{all:?}");
    // Python repeats, Go and Node use commas.
    let repeated = types("exclude=ec2&exclude=rds");
    assert_eq!(repeated, types("exclude=ec2%2Crds"));
    assert_eq!(repeated, types("exclude=ec2,rds"));
    assert!(!repeated.iter().any(|t| t == "ec2" || t == "rds"), "{repeated:?}");
    assert_eq!(types("exclude=no-such-type"), all);
    // A space is + or %20; Go joins several filters by a comma, which means "and".
    assert_eq!(types("filter=type=ec2+OR+type=rds"), ["ec2", "rds"]);
    assert_eq!(types("filter=type%3Dec2%20OR%20type%3Drds"), ["ec2", "rds"]);
    assert_eq!(types("filter=type%3Dec2%2Cenv%3Dprod"), ["ec2"]);
    // Python writes True and False.
    let svg = |query: &str| shop.server.get(&shop.path(&format!("/eu-west-1/svg?{query}"))).body;
    for (one, other) in [
        ("label=False", "label=false"),
        ("label=0", "label=false"),
        ("grid=True", "grid=1"),
        ("", "label=true"),
    ] {
        assert!(svg(one) == svg(other), "{one} differs from {other}");
    }
    assert!(svg("label=false") != svg("label=true"), "label makes no difference");
    for wrong in [
        "scale=big",
        "width=-1",
        "height=1e99",
        "paperSize=A9",
        "label=perhaps",
        "filter=(type%3Dec2",
        "theme=blue",
    ] {
        is_refusal(&shop.server.get(&shop.path(&format!("/eu-west-1/pdf?{wrong}"))), 400, "");
    }
    // Go's own unit test sends projection=top: ignored or refused, never a 500.
    assert!(matches!(shop.server.get(&shop.path("/eu-west-1/svg?projection=top")).status, 200 | 400));
}

#[test]
fn content_types_and_headers() {
    let shop = shop();
    for (format, kind, magic) in [
        ("json", "application/json", &b"{\"data\":"[..]),
        ("svg", "image/svg+xml", b"<"),
        ("png", "image/png", b"\x89PNG"),
        ("webp", "image/webp", b"RIFF"),
        ("pdf", "application/pdf", b"%PDF-"),
        ("mxGraph", "application/xml", b"<"),
        ("mxgraph", "application/xml", b"<"),
    ] {
        for root in ["", "/api"] {
            let answer = shop.server.get(&format!("{root}{}", shop.path(&format!("/eu-west-1/{format}"))));
            assert_eq!(answer.status, 200, "{format}: {}", String::from_utf8_lossy(&answer.body));
            assert!(
                answer.header("content-type").unwrap_or_default().starts_with(kind),
                "{format}: {:?}",
                answer.headers
            );
            assert!(answer.body.starts_with(magic), "{format}: {:?}", &answer.body[..20]);
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert!(
                answer.header("cache-control").is_some_and(|v| v.contains("no-")),
                "{:?}",
                answer.headers
            );
        }
    }
    // Go asks with a content type and no body, Node without either.
    let bare = [("Content-Type", "application/json")];
    assert_eq!(shop.send("GET", "/aws/account", &bare, "").status, 200);
    assert_eq!(shop.send("GET", "/aws/account/", &[], "").status, 200);
    // A 204 has neither body nor type: Node would try to read it.
    let gone = shop.send("DELETE", &shop.path(""), &bare, "");
    assert_eq!((gone.status, gone.body.len(), gone.header("content-type")), (204, 0, None));
}

/// What Go asks for when it is given no options, and the marks that the SDKs' own suites look for.
#[test]
fn pictures_as_the_sdks_suites_ask_for_them() {
    let shop = shop();
    let png = shop.server.get(&shop.path("/eu-west-1/png?height=1080&width=1920"));
    assert_eq!((png.status, &png.body[16..24]), (200, &[0, 0, 7, 128, 0, 0, 4, 56][..]));
    let svg = shop.server.get(&shop.path("/eu-west-1/svg?width=30&height=20&grid=true&transparent=true"));
    let text = svg.text();
    assert!(text.starts_with("<?xml version=\"1.0\" standalone=\"no\"?>\n<!DOCTYPE svg"), "{}", &text[..80]);
    for mark in [
        "<svg",
        "width=\"30\"",
        "height=\"20\"",
        "fill=\"url(#gridPatternMajor)\"",
        "fill=\"none\" id=\"interactionLayer\"",
    ] {
        assert!(text.contains(mark), "no {mark}");
    }
    // An old client's word for autoconnect; and what is no option is no mistake.
    let lines = |query: &str| shop.server.get(&shop.path(&format!("/eu-west-1/json?{query}"))).json();
    let count = |body: &Value| body["data"]["edges"].as_array().map_or(0, Vec::len);
    assert!(count(&lines("anything=1")) > 0);
    assert_eq!(count(&lines("autoConnectComponents=False")), 0);
}

/// Go pins TLS 1.3 as the least; plain HTTP is what every other test speaks.
#[test]
fn tls_is_1_3() {
    let folder = scratch("tls");
    let place = folder.to_string_lossy().into_owned();
    run_python("tls.py", &["make", &place], &[]).ok();
    let (certificate, key) = (format!("{place}/cert.pem"), format!("{place}/key.pem"));
    let server = Server::start("http://127.0.0.1:1", &["--tls-cert", &certificate, "--tls-key", &key]);
    let said = run_python("tls.py", &["check", &server.port().to_string(), &place, KEY], &[]).ok();
    assert_eq!(said.trim(), "ok");
}

#[test]
fn nothing_but_json_says_no() {
    let shop = shop();
    for target in [
        "/",
        "/nothing",
        "/api",
        "/api/nothing",
        "/blueprint/1/2/3/4",
        "/aws",
        "/aws/account/x/y/z/1",
        "/%00",
        "/..%2f",
    ] {
        let answer = shop.send("GET", target, &[("Accept", "application/json")], "");
        assert!(answer.status < 500, "{target} {}", answer.status);
        if answer.status >= 300 {
            is_refusal(&answer, answer.status, "");
        }
    }
    is_refusal(&shop.send("PATCH", &shop.path(""), &[], "{}"), 405, "");
    is_refusal(&shop.send("POST", "/aws/account", &[], &"x".repeat(8 << 20)), 413, "");
    for authorization in ["", "Bearer", "Bearer x", "Basic dXNlcjpwYXNz", "Bearer \u{e9}"] {
        let answer =
            request(shop.server.port(), "GET", "/aws/account", &[("Authorization", authorization)], b"");
        is_refusal(&answer, 401, "");
    }
    is_refusal(
        &shop.server.get("/aws/account/invalid-id/eu-west-1/svg"),
        400,
        "Invalid parameter format: accountId",
    );
    is_refusal(&shop.server.get(&shop.path("/mars/svg")), 400, "Invalid region parameter: mars");
    is_refusal(
        &shop.server.get(&shop.path("/eu-west-1/gif")),
        400,
        "Invalid parameter: fileFormat. Must be one of: json, svg, png, webp, pdf, mxGraph",
    );
}

#[test]
fn a_key_may_ask_so_often() {
    let moto = Moto::start();
    let server = Server::start(&moto.url(), &["--rate-requests", "3", "--rate-window", "30"]);
    let answers: Vec<Answer> = (0..5).map(|_| server.get("/user/me")).collect();
    let statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
    is_refusal(&answers[4], 429, "");
    let wait: u64 = answers[4].header("retry-after").expect("Retry-After").parse().expect("whole seconds");
    assert!((1..=30).contains(&wait), "{wait}");
}

#[test]
fn iam_parameters_and_policies() {
    let shop = shop();
    let parameters = shop.server.get("/aws/account/iamParameters").json();
    let url = parameters["awsConsoleUrl"].as_str().expect("a link");
    let external = parameters["externalId"].as_str().expect("an id");
    assert_eq!(external, shop.account["externalId"]);
    assert!(url.contains(external) && url.contains("accountID=123456789012"), "{url}");
    for kind in ["minimal", "custom"] {
        let policy = shop.server.get(&format!("/aws/account/iamParameters/policy/{kind}")).json();
        assert_eq!(policy["Version"], "2012-10-17");
        let text = policy.to_string();
        assert!(text.contains("ec2:Describe") && !text.contains("\"*:*\""), "{kind}");
        for never in [
            "secretsmanager:GetSecretValue",
            "lambda:GetFunction\"",
            "s3:GetObject\"",
            "ssm:GetParameter",
            "kms:Decrypt",
        ] {
            assert!(!text.contains(never), "{kind} grants {never}");
        }
    }
}
