//! The attributes of a topic.

use std::collections::BTreeMap;

use lowtide_model::{Arn, Json, Model, Policy};

use crate::attributes::{Row, Sort};

/// A topic: what is published to it goes to all who subscribed.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Topic {
    /// The name: letters, digits, `-` and `_`; one of a topic in order ends in `.fifo`. Lowtide chooses one when it is not given.
    #[attr(computed, identity, range = 1..=256, replaces)]
    pub name: Option<String>,
    /// What the name starts with when Lowtide chooses it.
    #[attr(computed, range = 1..=230, replaces)]
    pub name_prefix: Option<String>,
    /// What subscribers by text message see as the sender.
    #[attr(range = 0..=100)]
    pub display_name: Option<String>,
    /// Who may publish and subscribe; without it the account itself.
    #[attr(computed)]
    pub policy: Option<Policy>,
    /// How often delivery over HTTP is tried again.
    pub delivery_policy: Option<Json>,
    /// The KMS key that encrypts what is published, by id, ARN or alias.
    #[attr(refers = "aws_kms_key.id")]
    pub kms_master_key_id: Option<String>,
    /// Whether messages keep their order.
    #[attr(default = false, replaces)]
    pub fifo_topic: bool,
    /// Whether messages of the same content within five minutes count once. For topics in order.
    #[attr(default = false)]
    pub content_based_deduplication: bool,
    /// Whether the pace is limited for the `Topic` or for each `MessageGroup`. For topics in order.
    #[attr(computed, one_of = ["Topic", "MessageGroup"])]
    pub fifo_throughput_scope: Option<String>,
    /// How long messages are kept so that they can be sent again. For topics in order.
    pub archive_policy: Option<Json>,
    /// How messages are signed: 1 (SHA-1) or 2 (SHA-256).
    #[attr(computed, range = 1..=2)]
    pub signature_version: Option<i64>,
    /// Whether X-Ray follows messages: `Active` or `PassThrough`.
    #[attr(computed, one_of = ["Active", "PassThrough"])]
    pub tracing_config: Option<String>,
    /// The ARN of the role that writes logs of what did not reach mobile applications.
    #[attr(refers = "aws_iam_role.arn")]
    pub application_failure_feedback_role_arn: Option<Arn>,
    /// The ARN of the role that writes logs of what reached mobile applications.
    #[attr(refers = "aws_iam_role.arn")]
    pub application_success_feedback_role_arn: Option<Arn>,
    /// Of how many per cent of what reached mobile applications logs are written.
    #[attr(computed, range = 0..=100)]
    pub application_success_feedback_sample_rate: Option<i64>,
    /// The ARN of the role that writes logs of what did not reach Firehose streams.
    #[attr(refers = "aws_iam_role.arn")]
    pub firehose_failure_feedback_role_arn: Option<Arn>,
    /// The ARN of the role that writes logs of what reached Firehose streams.
    #[attr(refers = "aws_iam_role.arn")]
    pub firehose_success_feedback_role_arn: Option<Arn>,
    /// Of how many per cent of what reached Firehose streams logs are written.
    #[attr(computed, range = 0..=100)]
    pub firehose_success_feedback_sample_rate: Option<i64>,
    /// The ARN of the role that writes logs of what did not reach HTTP endpoints.
    #[attr(refers = "aws_iam_role.arn")]
    pub http_failure_feedback_role_arn: Option<Arn>,
    /// The ARN of the role that writes logs of what reached HTTP endpoints.
    #[attr(refers = "aws_iam_role.arn")]
    pub http_success_feedback_role_arn: Option<Arn>,
    /// Of how many per cent of what reached HTTP endpoints logs are written.
    #[attr(computed, range = 0..=100)]
    pub http_success_feedback_sample_rate: Option<i64>,
    /// The ARN of the role that writes logs of what did not reach Lambda functions.
    #[attr(refers = "aws_iam_role.arn")]
    pub lambda_failure_feedback_role_arn: Option<Arn>,
    /// The ARN of the role that writes logs of what reached Lambda functions.
    #[attr(refers = "aws_iam_role.arn")]
    pub lambda_success_feedback_role_arn: Option<Arn>,
    /// Of how many per cent of what reached Lambda functions logs are written.
    #[attr(computed, range = 0..=100)]
    pub lambda_success_feedback_sample_rate: Option<i64>,
    /// The ARN of the role that writes logs of what did not reach SQS queues.
    #[attr(refers = "aws_iam_role.arn")]
    pub sqs_failure_feedback_role_arn: Option<Arn>,
    /// The ARN of the role that writes logs of what reached SQS queues.
    #[attr(refers = "aws_iam_role.arn")]
    pub sqs_success_feedback_role_arn: Option<Arn>,
    /// Of how many per cent of what reached SQS queues logs are written.
    #[attr(computed, range = 0..=100)]
    pub sqs_success_feedback_sample_rate: Option<i64>,
    /// Tags by key.
    #[attr(open)]
    pub tags: Option<BTreeMap<String, String>>,
}

/// What AWS decides about a topic.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TopicOutputs {
    /// The topic's ARN.
    #[attr(predict = "arn:{partition}:sns:{region}:{account}:{name}")]
    pub arn: Arn,
    /// The topic's ARN.
    #[attr(predict = "arn:{partition}:sns:{region}:{account}:{name}")]
    pub id: String,
    /// The account it belongs to.
    #[attr(predict = "{account}")]
    pub owner: String,
    /// From when on messages are kept; empty where none are.
    #[attr(renewed_by = ["archive_policy"])]
    pub beginning_archive_time: String,
}

/// Those that SNS holds as words (Amazon SNS API Reference, SetTopicAttributes).
pub const ROWS: &[Row] = &[
    ("display_name", "DisplayName", Sort::Text),
    ("policy", "Policy", Sort::Json),
    ("delivery_policy", "DeliveryPolicy", Sort::Json),
    ("kms_master_key_id", "KmsMasterKeyId", Sort::Text),
    ("fifo_topic", "FifoTopic", Sort::Truth),
    ("content_based_deduplication", "ContentBasedDeduplication", Sort::Truth),
    ("fifo_throughput_scope", "FifoThroughputScope", Sort::Text),
    ("archive_policy", "ArchivePolicy", Sort::Json),
    ("signature_version", "SignatureVersion", Sort::Number),
    ("tracing_config", "TracingConfig", Sort::Text),
    ("application_failure_feedback_role_arn", "ApplicationFailureFeedbackRoleArn", Sort::Text),
    ("application_success_feedback_role_arn", "ApplicationSuccessFeedbackRoleArn", Sort::Text),
    ("application_success_feedback_sample_rate", "ApplicationSuccessFeedbackSampleRate", Sort::Number),
    ("firehose_failure_feedback_role_arn", "FirehoseFailureFeedbackRoleArn", Sort::Text),
    ("firehose_success_feedback_role_arn", "FirehoseSuccessFeedbackRoleArn", Sort::Text),
    ("firehose_success_feedback_sample_rate", "FirehoseSuccessFeedbackSampleRate", Sort::Number),
    ("http_failure_feedback_role_arn", "HTTPFailureFeedbackRoleArn", Sort::Text),
    ("http_success_feedback_role_arn", "HTTPSuccessFeedbackRoleArn", Sort::Text),
    ("http_success_feedback_sample_rate", "HTTPSuccessFeedbackSampleRate", Sort::Number),
    ("lambda_failure_feedback_role_arn", "LambdaFailureFeedbackRoleArn", Sort::Text),
    ("lambda_success_feedback_role_arn", "LambdaSuccessFeedbackRoleArn", Sort::Text),
    ("lambda_success_feedback_sample_rate", "LambdaSuccessFeedbackSampleRate", Sort::Number),
    ("sqs_failure_feedback_role_arn", "SQSFailureFeedbackRoleArn", Sort::Text),
    ("sqs_success_feedback_role_arn", "SQSSuccessFeedbackRoleArn", Sort::Text),
    ("sqs_success_feedback_sample_rate", "SQSSuccessFeedbackSampleRate", Sort::Number),
];
