package org.fasthebb.engine.internal.cuda;

import java.util.List;
import org.fasthebb.engine.Device;
import org.fasthebb.engine.DeviceProvider;

/** NVIDIA GPUs, if there are any. */
public final class CudaProvider implements DeviceProvider {
  @Override
  public String kind() {
    return "cuda";
  }

  @Override
  public Device open(int threads, boolean tf32, int number) {
    return new CudaDevice(threads, tf32, number);
  }

  @Override
  public List<String> report() {
    return GpuReport.actual();
  }
}
