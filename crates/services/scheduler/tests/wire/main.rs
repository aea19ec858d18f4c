//! Every kind of this service led through its life against moto.
