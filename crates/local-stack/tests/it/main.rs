//! The local stack's parts that work without a stack.
