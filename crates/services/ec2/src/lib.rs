//! lowtide-service-ec2
