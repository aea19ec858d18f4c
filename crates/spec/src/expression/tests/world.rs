//! A scope for tests.

use std::collections::BTreeMap;

use lowtide_model::{Content, Declared, Planned, Type};

use crate::expression::{Budget, Files, Root, Scope};

/// Values by root, and files.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub values: BTreeMap<Root, Planned>,
    pub files: BTreeMap<String, Vec<u8>>,
    pub budget: Budget,
}

impl World {
    /// Returns the world most tests run in.
    pub fn usual() -> Self {
        let text = |text: &str| Planned::text(text);
        let object = |members: Vec<(&str, Planned)>| Planned::object(members.into_iter().map(|(name, value)| (name.to_owned(), value)));
        let map = |members: Vec<(&str, Planned)>| {
            Planned::from(Content::Map(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
        };
        let number = |number: i64| Planned::from(Content::Number(number.into()));
        let subnet = |id: &str| object(vec![("id", text(id)), ("tags", map(vec![("Name", text(id))]))]);
        let variables = [
            ("environment", text("dev")),
            ("count", number(3)),
            ("yes", Content::Bool(true).into()),
            ("nothing", Planned::NULL),
            ("names", Planned::list([text("a"), text("b"), text("c")])),
            ("numbers", Planned::list([number(3), number(1), number(2)])),
            ("tags", map(vec![("Name", text("x")), ("Team", text("core"))])),
            ("zones", Planned::set([text("b"), text("a")])),
            ("empty", Planned::list([])),
            ("password", text("hunter2").marked(true)),
            ("secrets", object(vec![("user", text("admin")), ("token", text("t0k3n").marked(true))])),
            ("hidden", Planned::list([text("h1"), text("h2")]).marked(true)),
            ("partly", Planned::list([text("a"), Planned::unknown(Type::String)])),
            ("unknown", Planned::unknown(Type::String)),
            ("unknown_number", Planned::unknown(Type::Number)),
            ("unknown_bool", Planned::unknown(Type::Bool)),
            ("unknown_list", Planned::unknown(Type::List(Box::new(Type::String)))),
            ("unknown_map", Planned::unknown(Type::Map(Box::new(Type::String)))),
            ("unknown_any", Planned::unknown(Type::Any)),
            ("arn", Planned::unknown_text("arn:aws:sns:")),
        ];
        let mut values: BTreeMap<Root, Planned> = variables.into_iter().map(|(name, value)| (Root::Variable(name.into()), value)).collect();
        let resource = |kind, name| Root::Declared(Declared::resource(kind, name));
        values.insert(
            resource("aws_vpc", "main"),
            object(vec![("id", Planned::unknown(Type::String)), ("cidr_block", text("10.0.0.0/16")), ("tags", map(vec![]))]),
        );
        values.insert(resource("aws_subnet", "public"), map(vec![("a", subnet("subnet-a")), ("b", subnet("subnet-b"))]));
        values.insert(resource("aws_eip", "nat"), Planned::list([subnet("eip-0"), subnet("eip-1")]));
        values.insert(Root::Declared(Declared::data("aws_region", "here")), object(vec![("name", text("us-west-2"))]));
        values.insert(Root::Local("name".into()), text("durable"));
        values.insert(Root::EachKey, text("k"));
        values.insert(Root::EachValue, object(vec![("size", number(4))]));
        values.insert(Root::CountIndex, number(1));
        values.insert(Root::Run("environment".into()), text("dev"));
        values.insert(Root::Stack("base".into(), "subnet_ids".into()), Planned::list([text("s1"), text("s2")]));
        values.insert(Root::PathRoot, text("."));
        let files = [
            ("hello.txt", "Hello\n"),
            ("hello.tftpl", "Hello, ${name}!\n%{ for item in items ~}\n- ${item}\n%{ endfor ~}\n"),
            ("broken.tftpl", "one\n${nobody}\n"),
            ("nested.tftpl", "${templatefile(\"hello.tftpl\", {})}"),
        ];
        let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        Self { values, files: files.chain([("binary".to_owned(), vec![0xff, 0x00])]).collect(), budget: Budget::default() }
    }

    /// Returns it with another value for a variable.
    pub fn with(mut self, variable: &str, value: Planned) -> Self {
        self.values.insert(Root::Variable(variable.into()), value);
        self
    }
}

impl Scope for World {
    fn value(&self, root: &Root) -> Option<&Planned> {
        self.values.get(root)
    }

    fn files(&self) -> &dyn Files {
        self
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }
}

impl Files for World {
    fn read_up_to(&self, path: &str, _limit: usize) -> Result<Vec<u8>, String> {
        let path = path.strip_prefix("./").unwrap_or(path);
        self.files.get(path).cloned().ok_or_else(|| format!("There is no file {path}."))
    }
}
