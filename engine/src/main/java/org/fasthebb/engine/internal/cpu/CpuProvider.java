package org.fasthebb.engine.internal.cpu;

import java.util.List;
import org.fasthebb.engine.Device;
import org.fasthebb.engine.DeviceProvider;
import org.fasthebb.engine.internal.kernels.KernelChoice;

/** The CPU, which is always there. */
public final class CpuProvider implements DeviceProvider {
  @Override
  public String kind() {
    return "cpu";
  }

  @Override
  public Device open(int threads, boolean tf32, int number) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + "; it must be at least 1");
    }
    return new CpuDevice(threads);
  }

  @Override
  public List<String> report() {
    return List.of(KernelChoice.kernels().name() + " (" + KernelChoice.reason() + ")");
  }
}
