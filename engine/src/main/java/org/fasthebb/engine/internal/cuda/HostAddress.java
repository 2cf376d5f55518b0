package org.fasthebb.engine.internal.cuda;

import jcuda.Pointer;

/** Memory of the host outside the Java heap, as JCuda takes it. */
final class HostAddress extends Pointer {
  /** Nowhere, for a call that sets it. */
  HostAddress() {}

  HostAddress(long address) {
    super(address);
  }

  long value() {
    return getNativePointer();
  }
}
