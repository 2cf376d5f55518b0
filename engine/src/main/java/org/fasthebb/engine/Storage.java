package org.fasthebb.engine;

/**
 * The memory behind one or more tensors: a Java array on the CPU, device memory on a GPU. It is
 * gone once the scope that lent it has closed.
 */
public final class Storage {
  private Object memory;

  /** Wraps memory of a device's own kind; it is not copied. */
  public Storage(Object memory) {
    this.memory = memory;
  }

  /**
   * The memory. It may be longer than the tensors that lie in it.
   *
   * @throws IllegalStateException if the scope that lent the memory has closed
   */
  public Object memory() {
    if (memory == null) {
      throw new IllegalStateException(
          "this tensor was made inside a scope that has closed; keep() it or copy it out before");
    }
    return memory;
  }

  /**
   * The memory as an array.
   *
   * @throws IllegalStateException if the scope that lent the memory has closed, or the memory is
   *     not the CPU's
   */
  public float[] array() {
    if (memory() instanceof float[] array) {
      return array;
    }
    throw new IllegalStateException(
        "this tensor lives on a GPU, not in a Java array; toArray() copies it");
  }

  /** Takes the memory away, so that tensors that outlive their scope are noticed. */
  public Object release() {
    Object released = memory;
    memory = null;
    return released;
  }
}
