//! Faults on demand strike the call they are meant for, and no other.

use std::time::Duration;

use lowtide_testkit::{Fault, Match, What, World};

use crate::calls::{between, ec2, query, text};

async fn vpcs(world: &World) -> anyhow::Result<usize> {
    Ok(ec2(world, "DescribeVpcs", &[]).await?.matches("<vpcId>").count())
}

async fn create(world: &World) -> anyhow::Result<String> {
    between(&ec2(world, "CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await?, "vpcId")
}

#[tokio::test]
async fn the_nth_call_alone_fails() -> anyhow::Result<()> {
    let world = World::start().await?;
    world.proxy().inject(Fault { on: Match::operation("ec2", "CreateVpc").nth(2), what: What::Throttle });
    create(&world).await?;
    let throttled = query(&world, "ec2", "2016-11-15", "CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await?;
    assert_eq!(throttled.status(), 503);
    assert!(text(&throttled)?.contains("<Code>RequestLimitExceeded</Code>"));
    create(&world).await?;
    assert_eq!(vpcs(&world).await?, 3, "the default one and two of three");
    Ok(())
}

#[tokio::test]
async fn a_drop_before_sending_has_no_effect_and_one_after_it_has() -> anyhow::Result<()> {
    let world = World::start().await?;
    let before = vpcs(&world).await?;

    world.proxy().inject(Fault { on: Match::any().mutating().nth(1), what: What::DropBeforeSend });
    create(&world).await.expect_err("no answer");
    assert_eq!(vpcs(&world).await?, before);

    world.proxy().inject(Fault { on: Match::service("ec2").mutating().nth(1), what: What::DropAfterEffect });
    create(&world).await.expect_err("no answer");
    assert_eq!(vpcs(&world).await?, before + 1);

    let statuses: Vec<_> = world.proxy().calls().into_iter().filter(|call| call.mutating).map(|call| call.status).collect();
    assert_eq!(statuses, [None, None]);
    Ok(())
}

#[tokio::test]
async fn errors_and_delays_are_made_to_order() -> anyhow::Result<()> {
    let world = World::start().await?;
    let what = What::Error { status: 403, code: "UnauthorizedOperation".to_owned(), message: "<no>".to_owned() };
    world.proxy().inject(Fault { on: Match::operation("ec2", "DescribeVpcs"), what });
    let answer = ec2(&world, "DescribeVpcs", &[]).await?;
    assert!(answer.contains("<Code>UnauthorizedOperation</Code><Message>&lt;no&gt;</Message>"), "{answer}");

    world.proxy().clear_faults();
    world.proxy().inject(Fault { on: Match::service("ec2"), what: What::Delay(Duration::from_millis(1)) });
    assert_eq!(vpcs(&world).await?, 1);
    Ok(())
}

/// AWS does what it has heard, whoever still listens.
#[tokio::test]
async fn what_was_sent_happens_though_its_caller_goes_away() -> anyhow::Result<()> {
    let world = World::start().await?;
    let before = vpcs(&world).await?;
    world.proxy().inject(Fault { on: Match::operation("ec2", "CreateVpc"), what: What::Delay(Duration::from_millis(100)) });
    tokio::select! {
        answered = create(&world) => anyhow::bail!("it was not delayed: {answered:?}"),
        () = heard(&world) => {}
    }
    while vpcs(&world).await? == before {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(vpcs(&world).await?, before + 1);
    Ok(())
}

/// Waits until the call has come in.
async fn heard(world: &World) {
    while world.proxy().count("ec2", "CreateVpc") == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
