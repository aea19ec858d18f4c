//! Which requests a rule is for.

use aws_sdk_elasticloadbalancingv2::types::{
    HostHeaderConditionConfig, HttpHeaderConditionConfig, HttpRequestMethodConditionConfig, PathPatternConditionConfig,
    QueryStringConditionConfig, QueryStringKeyValuePair, RuleCondition, SourceIpConditionConfig,
};
use lowtide_model::{Complaint, Model, Planned, PlannedObject, Set};

/// One condition: exactly one of these.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Condition {
    /// The host that is asked for.
    pub host_header: Option<Values>,
    /// Any header.
    pub http_header: Option<HttpHeader>,
    /// The method: `GET`, `POST` and so on.
    pub http_request_method: Option<Values>,
    /// The path, without the query.
    pub path_pattern: Option<Values>,
    /// Keys and values of the query.
    pub query_string: Option<Set<QueryString>>,
    /// The client's address, as blocks in CIDR notation.
    pub source_ip: Option<Values>,
}

/// Values of which one must fit.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Values {
    /// The values. `*` stands for any characters and `?` for one, except in methods and addresses.
    pub values: Set<String>,
}

/// A header and its values.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct HttpHeader {
    /// The name of the header, in any case.
    #[attr(range = 1..=40)]
    pub http_header_name: String,
    /// The values of which one must fit. `*` stands for any characters and `?` for one.
    pub values: Set<String>,
}

/// A part of the query.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct QueryString {
    /// The key; any key when it is not given.
    pub key: Option<String>,
    /// The value. `*` stands for any characters and `?` for one.
    pub value: String,
}

/// Returns conditions as requests hold them.
pub fn request(all: &Set<Condition>) -> Vec<RuleCondition> {
    all.iter().flat_map(each).collect()
}

fn each(condition: &Condition) -> Vec<RuleCondition> {
    let field = |name: &str| RuleCondition::builder().field(name);
    let values = |of: &Values| Some(of.values.0.clone());
    let mut all = Vec::new();
    if let Some(of) = &condition.host_header {
        all.push(field("host-header").host_header_config(HostHeaderConditionConfig::builder().set_values(values(of)).build()).build());
    }
    if let Some(of) = &condition.http_header {
        let config = HttpHeaderConditionConfig::builder().http_header_name(&of.http_header_name).set_values(Some(of.values.0.clone()));
        all.push(field("http-header").http_header_config(config.build()).build());
    }
    if let Some(of) = &condition.http_request_method {
        let config = HttpRequestMethodConditionConfig::builder().set_values(values(of)).build();
        all.push(field("http-request-method").http_request_method_config(config).build());
    }
    if let Some(of) = &condition.path_pattern {
        all.push(field("path-pattern").path_pattern_config(PathPatternConditionConfig::builder().set_values(values(of)).build()).build());
    }
    if let Some(of) = &condition.query_string {
        let pair = |one: &QueryString| QueryStringKeyValuePair::builder().set_key(one.key.clone()).value(&one.value).build();
        let config = QueryStringConditionConfig::builder().set_values(Some(of.iter().map(pair).collect())).build();
        all.push(field("query-string").query_string_config(config).build());
    }
    if let Some(of) = &condition.source_ip {
        all.push(field("source-ip").source_ip_config(SourceIpConditionConfig::builder().set_values(values(of)).build()).build());
    }
    all
}

/// Returns a condition as attributes hold it. Hosts and paths may stand in an older place.
pub fn seen(said: RuleCondition) -> Condition {
    let old = |field: &str| said.values.clone().filter(|values| !values.is_empty() && said.field.as_deref() == Some(field));
    let values = |values: Option<Vec<String>>| values.map(|values| Values { values: Set(values) });
    let pair =
        |one: QueryStringKeyValuePair| QueryString { key: one.key.filter(|key| !key.is_empty()), value: one.value.unwrap_or_default() };
    Condition {
        host_header: values(said.host_header_config.and_then(|config| config.values).or_else(|| old("host-header"))),
        path_pattern: values(said.path_pattern_config.and_then(|config| config.values).or_else(|| old("path-pattern"))),
        http_header: said.http_header_config.map(|config| HttpHeader {
            http_header_name: config.http_header_name.unwrap_or_default(),
            values: Set(config.values.unwrap_or_default()),
        }),
        http_request_method: values(said.http_request_method_config.and_then(|config| config.values)),
        query_string: said.query_string_config.and_then(|config| config.values).map(|all| all.into_iter().map(pair).collect()),
        source_ip: values(said.source_ip_config.and_then(|config| config.values)),
    }
}

/// Checks that each condition is exactly one, and that a rule has some.
pub fn check(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(all) = wish.get("condition").and_then(Planned::as_elements) else { return Vec::new() };
    if all.is_empty() {
        return vec![
            Complaint::about("condition", "A rule needs at least one condition.")
                .hint("what fits everything is the default action of the listener"),
        ];
    }
    let count = |one: &Planned| one.as_members().map(|members| members.values().filter(|value| !value.is_null()).count());
    let odd = all.iter().filter_map(count).filter(|count| *count != 1);
    let detail = |count| format!("A `condition` block holds exactly one condition, and this one holds {count}.");
    odd.map(|count| Complaint::about("condition", detail(count)).hint("write a `condition` block for each")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_reads_back() {
        let values = |one: &str| Some(Values { values: Set(vec![one.to_owned()]) });
        let nothing = || seen(RuleCondition::builder().build());
        let header = HttpHeader { http_header_name: "x-test".to_owned(), values: Set(vec!["yes".to_owned()]) };
        let query = Set(vec![QueryString { key: None, value: "a*".to_owned() }]);
        let all = Set(vec![
            Condition { host_header: values("example.com"), ..nothing() },
            Condition { http_header: Some(header), ..nothing() },
            Condition { http_request_method: values("GET"), ..nothing() },
            Condition { path_pattern: values("/api/*"), ..nothing() },
            Condition { query_string: Some(query), ..nothing() },
            Condition { source_ip: values("10.0.0.0/8"), ..nothing() },
        ]);
        assert_eq!(request(&all).into_iter().map(seen).collect::<Set<_>>(), all);
        let old = RuleCondition::builder().field("path-pattern").values("/api/*").build();
        assert_eq!(seen(old).path_pattern, values("/api/*"));
    }
}
