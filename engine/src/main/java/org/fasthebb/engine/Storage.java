package org.fasthebb.engine;

/**
 * The memory behind one or more tensors. On the CPU a Java array; null once the scope that lent it
 * has closed.
 */
public final class Storage {
  private float[] array;

  /** Wraps an array; it is not copied. */
  public Storage(float[] array) {
    this.array = array;
  }

  /**
   * The array. It may be longer than the tensors that lie in it.
   *
   * @throws IllegalStateException if the scope that lent the memory has closed
   */
  public float[] array() {
    if (array == null) {
      throw new IllegalStateException(
          "this tensor was made inside a scope that has closed; keep() it or copy it out before");
    }
    return array;
  }

  /** Takes the array away, so that tensors that outlive their scope are noticed. */
  public float[] release() {
    float[] released = array;
    array = null;
    return released;
  }
}
