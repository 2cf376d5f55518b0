package org.fasthebb.engine.internal.cuda.runtime;

import jcuda.Pointer;

/** Memory of the host outside the Java heap, as JCuda takes it. */
public final class HostAddress extends Pointer {
  /** A null address, which a call of the driver will set. */
  HostAddress() {}

  public HostAddress(long address) {
    super(address);
  }

  long value() {
    return getNativePointer();
  }
}
