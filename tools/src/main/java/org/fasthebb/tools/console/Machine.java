package org.fasthebb.tools.console;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Facts about the Java and the computer that the program runs on. */
public final class Machine {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path STATUS = Path.of("/proc/self/status");

  private Machine() {}

  public static String java() {
    return Runtime.version() + " (" + System.getProperty("java.vendor") + ")";
  }

  /** Whether G1 of this Java may move arrays that native code has pinned, JDK-8377811. */
  public static boolean movesPinnedArrays(Runtime.Version version) {
    boolean fixed = version.interim() > 0 || version.update() >= 3;
    return version.feature() == 25 && !fixed;
  }

  public static String os() {
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + System.getProperty("os.arch");
  }

  public static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** The processor's name; empty if the system does not tell it. */
  public static Optional<String> processor() {
    return line(CPU_INFO, "model name");
  }

  /** Memory of the computer or container, in bytes. */
  public static long memory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** The peak memory of this process, in bytes; empty if the system does not tell it. */
  public static Optional<Long> peakMemory() {
    return line(STATUS, "VmHWM")
        .map(text -> Long.parseLong(text.substring(0, text.indexOf(' '))) << 10);
  }

  /** Whether the processor has fused multiply-add; empty if that is unknown. */
  public static Optional<Boolean> fusedMultiplyAdd() {
    if (System.getProperty("os.arch").equals("aarch64")) {
      return Optional.of(true); // part of the architecture
    }
    return line(CPU_INFO, "flags").map(flags -> (" " + flags + " ").contains(" fma "));
  }

  /** The first value with this key in a file of "key: value" lines. */
  private static Optional<String> line(Path file, String key) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key) && line.contains(":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // not Linux
    }
  }
}
