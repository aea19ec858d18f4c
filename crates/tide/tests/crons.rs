use jiff::civil::DateTime;
use lowtide_tide::Cron;

fn next(cron: &str, from: &str) -> String {
    let cron: Cron = cron.parse().unwrap_or_else(|why| panic!("{cron}: {why}"));
    let from: DateTime = from.parse().expect("a time");
    cron.after(from).map_or_else(|| "never".to_owned(), |found| found.strftime("%a %F %H:%M").to_string())
}

#[test]
fn five_fields_mean_what_crontab_means() {
    // 2026-11-27 is a Friday.
    let now = "2026-11-27T20:00";
    let rows = [
        ("0 8 * * MON-FRI", "Mon 2026-11-30 08:00"),
        ("0 20 * * *", "Sat 2026-11-28 20:00"),
        ("*/15 * * * *", "Fri 2026-11-27 20:15"),
        ("5/20 21 * * *", "Fri 2026-11-27 21:05"),
        ("0 0 1 * MON", "Mon 2026-11-30 00:00"),
        ("0 0 29 2 *", "Tue 2028-02-29 00:00"),
        ("0 12 * jan,jul 7", "Sun 2027-01-03 12:00"),
        ("0 0 31 2 *", "never"),
    ];
    for (cron, expected) in rows {
        assert_eq!(next(cron, now), expected, "{cron}");
    }
}

#[test]
fn six_fields_mean_what_aws_means() {
    let now = "2026-11-27T20:00";
    let rows = [
        ("cron(0 8 ? * MON-FRI *)", "Mon 2026-11-30 08:00"),
        ("cron(0 8 ? * 2-6 *)", "Mon 2026-11-30 08:00"),
        ("cron(0/5 20 * * ? *)", "Fri 2026-11-27 20:05"),
        ("cron(0 10 L * ? *)", "Mon 2026-11-30 10:00"),
        ("cron(0 10 LW 1 ? *)", "Fri 2027-01-29 10:00"),
        ("cron(0 10 2W 5 ? *)", "Mon 2027-05-03 10:00"),
        ("cron(0 10 ? * 6L *)", "Fri 2026-12-25 10:00"),
        ("cron(0 10 ? * TUE#1 *)", "Tue 2026-12-01 10:00"),
        ("cron(0 10 ? * L *)", "Sat 2026-11-28 10:00"),
        ("cron(0 10 1 1 ? 2040-2050)", "Sun 2040-01-01 10:00"),
        ("cron(0 10 1 1 ? 2020)", "never"),
    ];
    for (cron, expected) in rows {
        assert_eq!(next(cron, now), expected, "{cron}");
    }
}

#[test]
fn what_is_no_cron_says_why() {
    let rows = [
        ("0 8 * *", "it has 4 fields, and 5 are wanted"),
        ("cron(0 8 * * ?)", "it has 5 fields, and 6 are wanted"),
        ("0 24 * * *", "`24` is no hour: it goes from 0 to 23"),
        ("0 8 * * FRI-MON", "`FRI-MON` is no day of week: it runs backwards"),
        ("0 8 ? * MON", "`?` is no day of month: it goes from 1 to 31"),
        ("*/0 8 * * *", "`*/0` is no minute: behind `/` stands how many to go on by"),
        ("cron(0 8 * * MON *)", "AWS wants `?` in exactly one of day of month and day of week"),
        ("cron(0 8 ? * ? *)", "AWS wants `?` in exactly one of day of month and day of week"),
        ("cron(0 8 ? * MON#6 *)", "`MON#6` is no day of week: a month has five weeks at most"),
        ("0 +8 * * *", "`+8` is no hour: it goes from 0 to 23"),
    ];
    for (cron, expected) in rows {
        assert_eq!(cron.parse::<Cron>().expect_err(cron).to_string(), expected);
    }
}
