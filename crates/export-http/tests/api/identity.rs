//! Who may ask, and for which tenant.

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::support::{GATED, JSON, World, body, header, refused};

fn token(world: &World, scopes: &str) -> String {
    world.tokens.issue("bob", &["acme"], scopes)
}

#[tokio::test]
async fn a_token_is_needed_and_why_it_was_refused_is_not_said() {
    let world = World::idle().await;
    let list = || world.bare("GET", "/api/v1/exports").header("x-tenant-id", "acme");
    let good = token(&world, "exports:read");
    let query =
        world.bare("GET", &format!("/api/v1/exports?access_token={good}")).header("x-tenant-id", "acme");
    let cases: [(RequestBuilder, &str); 6] = [
        (list(), "Bearer realm=\"export-center\""),
        (list().header("authorization", "Basic dTpw"), "Bearer realm=\"export-center\""),
        (list().header("authorization", "Bearer"), "Bearer realm=\"export-center\""),
        (list().header("authorization", "Bearer "), "Bearer realm=\"export-center\""),
        (list().bearer_auth("unknown"), "Bearer realm=\"export-center\", error=\"invalid_token\""),
        (query, "Bearer realm=\"export-center\""),
    ];
    let mut bodies = Vec::new();
    for (request, challenge) in cases {
        let response = request.send().await.unwrap();
        assert_eq!(header(&response, "www-authenticate"), challenge);
        bodies.push(refused(response, 401, "unauthenticated").await);
    }
    assert!(bodies.windows(2).all(|two| two[0] == two[1]), "{bodies:?}");
    body(list().header("authorization", format!("bearer {good}")).send().await.unwrap(), 200).await;
}

#[tokio::test]
async fn two_tokens_are_none() {
    let world = World::idle().await;
    let good = token(&world, "exports:read");
    let list = || world.bare("GET", "/api/v1/exports").header("x-tenant-id", "acme");
    let twice = list().bearer_auth(&good).header("authorization", format!("Bearer {good}"));
    refused(twice.send().await.unwrap(), 400, "invalid_header").await;
    let joined = list().header("authorization", format!("Bearer {good}, Bearer {good}"));
    refused(joined.send().await.unwrap(), 400, "invalid_header").await;
}

#[tokio::test]
async fn one_valid_tenant_that_the_token_grants_is_needed() {
    let world = World::idle().await;
    let list = || world.bare("GET", "/api/v1/exports").bearer_auth(token(&world, "exports:read"));
    refused(list().send().await.unwrap(), 400, "tenant_required").await;
    for bad in ["", "acme, other", "../acme", "ACME", "a b", "ac\tme", &"a".repeat(64), &"a".repeat(300), "é"]
    {
        refused(list().header("x-tenant-id", bad).send().await.unwrap(), 400, "tenant_required").await;
    }
    let two = list().header("x-tenant-id", "acme").header("x-tenant-id", "acme");
    refused(two.send().await.unwrap(), 400, "tenant_required").await;
    refused(list().header("x-tenant-id", "other").send().await.unwrap(), 403, "tenant_mismatch").await;
    body(list().header("x-tenant-id", "acme").send().await.unwrap(), 200).await;
}

#[tokio::test]
async fn scopes_part_reading_from_writing() {
    let world = World::idle().await;
    let path = world.submit(JSON).await;
    for (method, path, needed) in [
        ("GET", "/api/v1/exports", "exports:read"),
        ("GET", &path, "exports:read"),
        ("POST", "/api/v1/exports", "exports:write"),
        ("POST", &format!("{path}/retry"), "exports:write"),
        ("DELETE", &path, "exports:write"),
    ] {
        let granted = if needed == "exports:read" { "exports:write" } else { "exports:read" };
        let request =
            world.bare(method, path).bearer_auth(token(&world, granted)).header("x-tenant-id", "acme");
        let response = request.send().await.unwrap();
        assert!(header(&response, "www-authenticate").contains(&format!("scope=\"{needed}\"")));
        refused(response, 403, "forbidden").await;
    }
}

/// Each route of the document with the token, so that a route that forgets to ask is found.
#[tokio::test]
async fn every_route_of_the_api_asks_for_a_token() {
    let world = World::idle().await;
    let mut asked = 0;
    for (method, path) in documented() {
        if path.starts_with("/api/v1/") {
            let path =
                path.replace("{id}", "exp-00000000000000000000000000").replace("{name}", "custom-acme");
            let response = world.bare(&method, &path).header("x-tenant-id", "acme").send().await.unwrap();
            refused(response, 401, "unauthenticated").await;
            asked += 1;
        }
    }
    assert_eq!(asked, 21);
}

/// Each route that takes an id, with ids that are another tenant's, unknown, or malformed: the same bytes.
#[tokio::test]
async fn foreign_unknown_and_malformed_ids_cannot_be_told_apart() {
    let world = World::working().await;
    let own = world.submit(GATED).await;
    let foreign = own.rsplit('/').next().unwrap();
    let long = "x".repeat(10_000);
    let ids = [
        foreign,
        "exp-00000000000000000000000000",
        "bnd-00000000000000000000000000",
        "nope",
        "..%2f..",
        "%00",
        "%ff",
        "%F0%9F%98%80",
        "EXP-1",
        "exp-",
        &long,
    ];
    for (kind, routes) in [("/api/v1/exports/", 5), ("/api/v1/bundles/", 2)] {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        for (method, path) in documented() {
            if !path.starts_with(kind) || !path.contains("{id}") {
                continue;
            }
            for id in ids {
                let path = path.replace("{id}", id).replace("{index}", "0");
                let response = world.of("other", &method, &path).send().await.unwrap();
                assert_eq!(response.status(), 404, "{method} {path} {id}");
                seen.push(response.bytes().await.unwrap().to_vec());
            }
        }
        assert_eq!(seen.len(), routes * ids.len());
        assert!(seen.windows(2).all(|two| two[0] == two[1]));
        assert_eq!(serde_json::from_slice::<Value>(&seen[0]).unwrap()["code"], "not_found");
    }
    assert_eq!(world.get(&own).await["error"], Value::Null, "another tenant's cancel did nothing");
}

/// Every method and path of the document.
fn documented() -> Vec<(String, String)> {
    let document = serde_json::to_value(export_http::openapi_document()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let of_path = |(path, item): (String, Value)| {
        let methods: Vec<String> =
            item.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        methods.into_iter().map(move |method| (method, path.clone()))
    };
    paths.into_iter().flat_map(of_path).collect()
}
