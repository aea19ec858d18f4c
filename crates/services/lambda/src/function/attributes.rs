//! The attributes of a function.

use std::collections::BTreeMap;

use lowtide_model::{Arn, LocalFile, Model, Set};

/// An archive that comes with the request has at most "50 MB (zipped, for direct upload)" (AWS Lambda Developer Guide, Lambda quotas).
/// These are of 1024 × 1024 bytes: a request may have 70,167,211, which are so many in Base64 and 256 KiB for the rest.
pub const ARCHIVE: LocalFile = LocalFile { hash: "source_code_hash", limit: 50 << 20 };

/// A function: code that runs when it is called. The code comes from a file of the project, from a bucket or from an image.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Function {
    /// The name: letters, digits, `-` and `_`.
    #[attr(identity, range = 1..=64, replaces)]
    pub function_name: String,
    /// The ARN of the role that it runs as.
    #[attr(refers = "aws_iam_role.arn")]
    pub role: Arn,
    /// What it is for.
    #[attr(range = 0..=256)]
    pub description: Option<String>,
    /// How its code comes: `Zip` or `Image`.
    #[attr(default = "Zip", one_of = ["Zip", "Image"], replaces)]
    pub package_type: String,
    /// The path of an archive with its code, a .zip file beneath the project's folder. What is planned is its content at that time.
    #[attr(unread, file = ARCHIVE)]
    pub filename: Option<String>,
    /// The URI of the image, in ECR.
    pub image_uri: Option<String>,
    /// The bucket with its code.
    #[attr(refers = "aws_s3_bucket.id", unread)]
    pub s3_bucket: Option<String>,
    /// The key of its code in the bucket.
    #[attr(unread)]
    pub s3_key: Option<String>,
    /// The version of the object.
    #[attr(unread)]
    pub s3_object_version: Option<String>,
    /// The SHA-256 of its code in Base64: when it is another, the code is sent or fetched anew. Of a file it is filled in.
    #[attr(computed)]
    pub source_code_hash: Option<String>,
    /// What runs the code: `python3.13`, `provided.al2023`…
    pub runtime: Option<String>,
    /// What in the code is called: `module.function`.
    #[attr(range = 0..=128)]
    pub handler: Option<String>,
    /// For which processors: `x86_64` or `arm64`.
    #[attr(computed)]
    pub architectures: Option<Vec<String>>,
    /// How many MB of memory it has, and in proportion how much of a processor.
    #[attr(default = 128, range = 128..=10240)]
    pub memory_size: i64,
    /// How many seconds it may run.
    #[attr(default = 3, range = 1..=900)]
    pub timeout: i64,
    /// How many of it may run at once; -1 for as many as the account has left.
    #[attr(default = -1, range = -1..=100000)]
    pub reserved_concurrent_executions: i64,
    /// Variables of its environment.
    #[attr(computed)]
    pub environment: Option<Environment>,
    /// The KMS key that encrypts them; without one it is a key of AWS.
    #[attr(refers = "aws_kms_key.arn")]
    pub kms_key_arn: Option<Arn>,
    /// The ARNs of layers, in order.
    pub layers: Option<Vec<String>>,
    /// Where it runs in a network of yours.
    pub vpc_config: Option<Vpc>,
    /// Where calls go that failed and that nobody waited for.
    pub dead_letter_config: Option<DeadLetter>,
    /// Whether X-Ray follows calls.
    #[attr(computed)]
    pub tracing_config: Option<Tracing>,
    /// How much of `/tmp` it has.
    #[attr(computed)]
    pub ephemeral_storage: Option<Storage>,
    /// What overrides settings of the image.
    pub image_config: Option<Image>,
    /// How it writes logs.
    #[attr(computed)]
    pub logging_config: Option<Logging>,
    /// Whether each change makes a version.
    #[attr(default = false, option)]
    pub publish: bool,
    /// Whether the function stays in AWS when it is destroyed here.
    #[attr(default = false, option)]
    pub skip_destroy: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Option<BTreeMap<String, String>>,
}

/// Variables of the environment.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Environment {
    /// By name.
    pub variables: Option<BTreeMap<String, String>>,
}

/// Where it runs in a network of yours.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Vpc {
    /// The ids of subnets.
    #[attr(refers = "aws_subnet.id")]
    pub subnet_ids: Set<String>,
    /// The ids of security groups.
    #[attr(refers = "aws_security_group.id")]
    pub security_group_ids: Set<String>,
    /// Whether it may use IPv6 outward in subnets with both.
    #[attr(default = false)]
    pub ipv6_allowed_for_dual_stack: bool,
}

/// Where failed calls go.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct DeadLetter {
    /// The ARN of a queue or a topic.
    pub target_arn: String,
}

/// Whether X-Ray follows calls.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Tracing {
    /// `Active` or `PassThrough`.
    #[attr(one_of = ["Active", "PassThrough"])]
    pub mode: String,
}

/// How much of `/tmp` it has.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Storage {
    /// In MB.
    #[attr(computed, range = 512..=10240)]
    pub size: Option<i64>,
}

/// What overrides settings of the image.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Image {
    /// The arguments.
    pub command: Option<Vec<String>>,
    /// What is run.
    pub entry_point: Option<Vec<String>>,
    /// In which folder.
    pub working_directory: Option<String>,
}

/// How it writes logs.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Logging {
    /// `Text` or `JSON`.
    #[attr(one_of = ["Text", "JSON"])]
    pub log_format: String,
    /// From which level on it writes its own, in JSON.
    #[attr(one_of = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"])]
    pub application_log_level: Option<String>,
    /// From which level on Lambda writes, in JSON.
    #[attr(one_of = ["DEBUG", "INFO", "WARN"])]
    pub system_log_level: Option<String>,
    /// The log group; without it `/aws/lambda/NAME`.
    #[attr(computed, refers = "aws_cloudwatch_log_group.name")]
    pub log_group: Option<String>,
}

/// What AWS decides about a function.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct FunctionOutputs {
    /// The function's ARN.
    #[attr(predict = "arn:{partition}:lambda:{region}:{account}:function:{function_name}")]
    pub arn: Arn,
    /// The function's name.
    #[attr(predict = "{function_name}")]
    pub id: String,
    /// What API Gateway calls it by.
    #[attr(
        predict = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/arn:{partition}:lambda:{region}:{account}:function:{function_name}/invocations"
    )]
    pub invoke_arn: String,
    /// The SHA-256 of its code in Base64.
    #[attr(renewed_by = ["image_uri", "s3_bucket", "s3_key", "s3_object_version", "source_code_hash"])]
    pub code_sha256: String,
    /// The size of its code in bytes.
    #[attr(renewed_by = ["image_uri", "s3_bucket", "s3_key", "s3_object_version", "source_code_hash"])]
    pub source_code_size: i64,
    /// The newest version: `$LATEST` where none was ever published.
    pub version: String,
}
