//! What needs no call makes none: there is nobody to answer.

use lowtide_model::{Object, Phase, Value};
use lowtide_resource::{Ask, Catalog, Changed, Currency, Going, Operation, Round, Session};
use lowtide_testkit::drive;

fn session() -> Session {
    drive::session("http://127.0.0.1:9", "us-west-2", |_| None)
}

fn catalog() -> Catalog {
    lowtide_service_builtin::register(Catalog::default())
}

#[tokio::test]
async fn data_lives_in_the_state_alone() -> anyhow::Result<()> {
    let (session, catalog) = (session(), catalog());
    let kind = catalog.kind("terraform_data").expect("a kind of this crate");
    let wish: Object =
        [("input".to_owned(), Value::from("a")), ("triggers_replace".to_owned(), Value::List(vec![1.into()]))].into_iter().collect();
    let op = Operation { id: "7f8a9b0c-0000-4000-8000-000000000001".to_owned() };
    let made = kind.create(&session, &wish, &op).await?;
    assert_eq!(made.id, op.id);
    let asked = [Ask::new(made.id, wish.clone())];
    let (_, seen) = kind.read(&session, &Round::default(), &asked, Currency::Exact).await?.remove(0);
    let seen = seen?.expect("it is always there");
    assert_eq!((&seen.inputs, &seen.phase), (&wish, &Phase::Stable));
    assert_eq!((seen.outputs.text("id"), seen.outputs.text("output")), (Some(op.id.as_str()), Some("a")));
    assert_eq!(kind.update(&session, &seen, &wish, &Changed(vec!["input".to_owned()])).await?, None);
    assert_eq!(kind.delete(&session, &seen, &wish).await?, Going::Gone);
    Ok(())
}

#[tokio::test]
async fn the_place_is_known_without_asking() -> anyhow::Result<()> {
    let (session, catalog) = (session(), catalog());
    let look = async |kind: &str, query: Object| catalog.source(kind).expect("a data source of this crate").look(&session, &query).await;
    let name = |name: &str| [("name".to_owned(), Value::from(name))].into_iter().collect::<Object>();
    let here = look("aws_region", Object::default()).await?;
    assert_eq!((here.text("name"), here.text("description")), (Some("us-west-2"), Some("US West (Oregon)")));
    assert_eq!(look("aws_region", name("eu-west-1")).await?.text("endpoint"), Some("ec2.eu-west-1.amazonaws.com"));
    let partition = look("aws_partition", Object::default()).await?;
    assert_eq!((partition.text("partition"), partition.text("dns_suffix")), (Some("aws"), Some("amazonaws.com")));
    Ok(())
}
