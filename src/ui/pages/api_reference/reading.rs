//! Reads the OpenAPI description for the page.

use serde_json::Value;

use crate::ui::components::api_reference::{
    ApiAnswer, ApiGroup, ApiMember, ApiMembers, ApiOperation,
};

/// What the endpoints are for, and the operations in groups.
pub(super) fn description(document: &Value) -> (String, Vec<ApiGroup>) {
    let operations = operations(document);
    let groups = items(&document["tags"]).map(|tag| ApiGroup {
        name: text(&tag["name"]),
        text: text(&tag["description"]),
        operations: operations
            .iter()
            .filter(|(name, _)| *name == text(&tag["name"]))
            .map(|(_, operation)| operation.clone())
            .collect(),
    });
    (text(&document["info"]["description"]), groups.collect())
}

/// The operations, each with the name of its group. Methods that do the same at one path are one operation.
fn operations(document: &Value) -> Vec<(String, ApiOperation)> {
    let mut found: Vec<(String, ApiOperation)> = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item) {
            let method = method.to_uppercase();
            let summary = text(&operation["summary"]);
            if let Some((_, known)) = found.last_mut()
                && known.path == path
                && known.summary == summary
            {
                known.methods.push(method);
                continue;
            }
            let group = text(&operation["tags"][0]);
            let operation = ApiOperation {
                anchor: path.trim_matches('/').replace(['/', '.'], "-"),
                methods: vec![method],
                path: path.to_owned(),
                summary,
                text: text(&operation["description"]),
                sent: sent(document, operation),
                answers: answers(document, &operation["responses"]),
            };
            found.push((group, operation));
        }
    }
    found
}

/// Parameters by their place, and the body. A body that may have several types has the same members in each.
fn sent(document: &Value, operation: &Value) -> Vec<ApiMembers> {
    let mut sent: Vec<ApiMembers> = Vec::new();
    for parameter in items(&operation["parameters"]) {
        let place = text(&parameter["in"]);
        let row = ApiMember {
            name: text(&parameter["name"]),
            kind: kind(document, &parameter["schema"]),
            is_required: parameter["required"] == true,
            text: text(&parameter["description"]),
        };
        match sent.iter_mut().find(|members| members.place == place) {
            Some(members) => members.rows.push(row),
            None => sent.push(ApiMembers {
                place,
                rows: vec![row],
            }),
        }
    }
    let content: Vec<_> = members(&operation["requestBody"]["content"]).collect();
    if let [(_, body), ..] = content.as_slice() {
        let types: Vec<_> = content.iter().map(|(kind, _)| *kind).collect();
        sent.extend(tables(document, &body["schema"], &types.join(", ")));
    }
    sent
}

fn answers(document: &Value, responses: &Value) -> Vec<ApiAnswer> {
    let answers = members(responses).map(|(status, response)| {
        let headers = members(&response["headers"]).map(|(name, header)| ApiMember {
            name: name.to_owned(),
            kind: kind(document, &header["schema"]),
            is_required: true,
            text: text(&header["description"]),
        });
        let headers: Vec<_> = headers.collect();
        let mut tables_of: Vec<_> = (!headers.is_empty())
            .then(|| ApiMembers {
                place: "headers".to_owned(),
                rows: headers,
            })
            .into_iter()
            .collect();
        // Errors have the same two members everywhere, which the introduction says.
        if status.starts_with('2') {
            for (kind, body) in members(&response["content"]) {
                tables_of.extend(tables(document, &body["schema"], kind));
            }
        }
        ApiAnswer {
            status: status.to_owned(),
            text: text(&response["description"]),
            members: tables_of,
        }
    });
    answers.collect()
}

/// The members of an object; a table for each of its forms, if it has several.
fn tables(document: &Value, schema: &Value, place: &str) -> Vec<ApiMembers> {
    let schema = resolve(document, schema);
    if schema["oneOf"].is_array() {
        let forms = items(&schema["oneOf"]);
        return forms
            .flat_map(|form| tables(document, form, place))
            .collect();
    }
    let required: Vec<_> = items(&schema["required"]).map(text).collect();
    let rows = members(&schema["properties"]).map(|(name, property)| ApiMember {
        name: name.to_owned(),
        kind: kind(document, property),
        is_required: required.iter().any(|required| required == name),
        text: text(&property["description"]),
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Vec::new();
    }
    vec![ApiMembers {
        place: place.to_owned(),
        rows,
    }]
}

/// A type in a few words: `string`, `list of string`, `integer or null`, or the values it may have.
fn kind(document: &Value, schema: &Value) -> String {
    let schema = resolve(document, schema);
    if schema["enum"].is_array() {
        let values: Vec<_> = items(&schema["enum"]).map(text).collect();
        return values.join(", ");
    }
    let types: Vec<String> = match &schema["type"] {
        Value::Array(types) => types.iter().map(text).collect(),
        one => vec![text(one)],
    };
    let named = types.into_iter().map(|name| match name.as_str() {
        "array" => format!("list of {}", kind(document, &schema["items"])),
        _ => name,
    });
    named.collect::<Vec<_>>().join(" or ")
}

/// A schema, or the one that it refers to.
fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str();
    let target = target.and_then(|target| target.strip_prefix('#'));
    target
        .and_then(|target| document.pointer(target))
        .unwrap_or(schema)
}

fn members(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let members = object.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), value))
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// A value as text, without quotes.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
