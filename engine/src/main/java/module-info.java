/**
 * A minimal tensor engine: strided float32 tensors, one multiplication primitive ({@code
 * contract}), SIMD kernels with a scalar specification beside them, and reverse-mode
 * differentiation.
 *
 * <p>It depends on the JDK alone. Requiring the incubating Vector API here makes every launch flag
 * disappear on the module path.
 */
module org.fasthebb.engine {
  requires jdk.incubator.vector;

  exports org.fasthebb.engine;
}
