//! lowtide-model-derive
