package org.fasthebb.tools.command;

import java.io.PrintWriter;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Gpu;
import org.fasthebb.models.image.ImageDecoder;
import org.fasthebb.models.protocol.Version;
import org.fasthebb.tools.console.Failures;
import org.fasthebb.tools.console.Machine;
import org.fasthebb.tools.console.Text;
import org.fasthebb.tools.console.ToolCommand;
import org.fasthebb.tools.option.DeviceOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reports what hardware and software was found and is used, and tests that computing works. */
@Command(
    name = "doctor",
    footer = {"", "Examples:", "  ./fasthebb doctor", "  ./fasthebb doctor --device cuda"},
    description = "Say what the program found on this machine, and test it.")
public final class DoctorCommand extends ToolCommand {
  @Mixin private DeviceOptions device;

  private PrintWriter out;

  private DoctorCommand() {}

  @Override
  public Integer call() {
    device.check(this);
    out = out();
    java();
    machine();
    try (Backend backend = device.backend()) {
      line("kernels", backend.describe());
      if (!backend.isRemote()) {
        line("threads", backend.threads() + ", " + device.originOfThreads());
      }
      gpu();
      line("jpeg", ImageDecoder.jpegDecoder());
      return selfTest(backend);
    }
  }

  private void java() {
    line("fasthebb", Version.VERSION);
    line("java", Machine.java());
    line("java home", System.getProperty("java.home"));
    if (Machine.movesPinnedArrays(Runtime.version())) {
      line(
          "",
          "WARNING: before 25.0.3 its collector G1 may move arrays while native code reads them");
      line("", "(JDK-8377811), which concerns GPUs and Spark; install a newer JDK 25");
    }
    line("system", Machine.os());
  }

  private void machine() {
    line(
        "processor",
        Machine.processor().orElse("unknown")
            + ", "
            + Text.count(Machine.processors(), "processor")
            + " for Java");
    line(
        "fma",
        Machine.fusedMultiplyAdd()
            .map(has -> has ? "yes" : "no; sums are slow without it")
            .orElse("unknown on this system"));
    line(
        "memory",
        Text.memory(Runtime.getRuntime().maxMemory())
            + " heap at most, "
            + Text.memory(Machine.memory())
            + " in the machine (FASTHEBB_JAVA_OPTS=-Xmx... sets the heap)");
  }

  private void gpu() {
    String name = "gpu";
    for (String value : Gpu.report()) {
      line(name, value);
      name = "";
    }
  }

  private int selfTest(Backend backend) {
    double error = SelfTest.error(backend);
    boolean right = error < SelfTest.TOLERANCE;
    line(
        "self-test",
        Text.format(
            "%s: products differ from double precision by %.1e of their size (%.0e passes)",
            right ? "ok" : "FAILED", error, SelfTest.TOLERANCE));
    line(
        "speed",
        Text.format(
            "%.1f GFLOP/s, matrix product %d x %d x %d",
            SelfTest.gigaflops(backend), SelfTest.SIDE, SelfTest.SIDE, SelfTest.SIDE));
    return right ? 0 : Failures.FAILED;
  }

  private void line(String name, String value) {
    out.println(Text.format("%-10s %s", name, value));
    out.flush();
  }
}
