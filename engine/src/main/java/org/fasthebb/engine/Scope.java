package org.fasthebb.engine;

/**
 * A section of work whose temporaries are reused. Tensors that operations create while a scope is
 * open borrow memory from the device and return it when the scope closes; a loop whose body is one
 * scope allocates only in its first round.
 *
 * <pre>{@code
 * try (Scope step = cpu.scope()) {
 *   w.addAssign(rule.delta(x, w).times(eta)); // w lives on, everything else is reused
 * }
 * }</pre>
 *
 * <p>Scopes nest, and close in the reverse order. Outside of any scope tensors are ordinary garbage
 * collected memory.
 */
public interface Scope extends AutoCloseable {
  /** Hands {@code tensor}, made in this scope, to the enclosing scope or the garbage collector. */
  Tensor keep(Tensor tensor);

  @Override
  void close();
}
