package org.fasthebb.engine.internal.kernels;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import jdk.incubator.vector.FloatVector;

/**
 * Chooses the kernels once, and tells which it chose and why. If they are slower than they could be,
 * and nobody asked for that, it logs one warning that names the remedy.
 *
 * <p>The system property {@code fasthebb.kernels} overrides the choice: {@code scalar}, a vector
 * width of {@code 128}, {@code 256} or {@code 512} bit, or {@code auto}. A width beyond the
 * processor's is reduced to the processor's.
 */
public final class KernelChoice {
  private static final String PROPERTY = "fasthebb.kernels";

  /**
   * The longest time of a fused multiply-add, in nanoseconds, that leaves no doubt that it is an
   * instruction: then the JVM is not asked, which takes a tenth of a second.
   */
  private static final long FAST = 150;

  private static final KernelChoice CHOICE = choose(System.getProperty(PROPERTY, "auto"));

  static {
    if (CHOICE.isSlow) {
      System.getLogger("org.fasthebb.engine")
          .log(
              System.Logger.Level.WARNING,
              "FastHebb is several times slower than it could be, with "
                  + CHOICE.kernels.name()
                  + " kernels: "
                  + CHOICE.reason);
    }
  }

  private final Kernels kernels;
  private final String reason;

  /** Whether the reason names a remedy that makes the kernels faster. */
  private final boolean isSlow;

  private KernelChoice(Kernels kernels, String reason, boolean isSlow) {
    this.kernels = kernels;
    this.reason = reason;
    this.isSlow = isSlow;
  }

  /**
   * The kernels of this process.
   *
   * @throws IllegalArgumentException if the property has another value
   */
  public static Kernels kernels() {
    if (CHOICE.kernels == null) {
      throw new IllegalArgumentException(CHOICE.reason);
    }
    return CHOICE.kernels;
  }

  /** One sentence: why these kernels were chosen, and the remedy where they are not SIMD. */
  public static String reason() {
    return CHOICE.reason;
  }

  /** Vector width in bits that {@link VectorKernels} is to use. */
  static int vectorBits() {
    return switch (System.getProperty(PROPERTY, "auto")) {
      case "128" -> Math.min(128, preferredBits());
      case "256" -> Math.min(256, preferredBits());
      default -> Math.min(512, preferredBits());
    };
  }

  private static int preferredBits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  /**
   * A sentence that says why this JVM would allocate every vector on the heap, and the remedy; null
   * if it compiles with C2, which keeps vectors in registers. Flags that stop compilation at level
   * 0, 2 or 3, made to debug the JVM, are not recognised.
   *
   * @param name system property {@code java.vm.name}
   * @param info system property {@code java.vm.info}
   */
  static String whyVectorsAreSlow(String name, String info) {
    String scalar = ", without which the Vector API is slower than scalar kernels; ";
    if (info.contains("interpreted mode")) {
      return "this JVM interprets, and does not use the compiler C2" + scalar + "leave out -Xint";
    }
    if (info.contains("emulated-client")) {
      return "this JVM does not use the compiler C2"
          + scalar
          + "leave out -XX:TieredStopAtLevel=1 (or -client)";
    }
    if (!name.contains("Server VM")) {
      return "this JVM, " + name + ", has no compiler C2" + scalar + "run on an OpenJDK Server VM";
    }
    return null;
  }

  /**
   * Why every fused multiply-add would be computed with BigDecimal, and what helps; null if the
   * processor does it.
   */
  private static String whyFusedIsSlow() {
    long least = Long.MAX_VALUE;
    float sum = 0;
    for (int i = 0; i < 50 && least > FAST; i++) {
      long start = System.nanoTime();
      sum = Math.fma(sum, 0.5f, i);
      least = Math.min(least, System.nanoTime() - start);
    }
    if (least <= FAST && sum >= 0) {
      return null;
    }
    try {
      HotSpotDiagnosticMXBean jvm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (!jvm.getVMOption("UseFMA").getValue().equals("false")) {
        return null;
      }
    } catch (LinkageError | RuntimeException e) { // not a JVM that has this flag
      return null;
    }
    return "this JVM does not use a fused multiply-add of the processor, without which the Vector"
        + " API is slower than scalar kernels; leave out -XX:-UseFMA, or run on a processor that"
        + " has it";
  }

  private static KernelChoice choose(String wanted) {
    switch (wanted) {
      case "scalar" -> {
        return new KernelChoice(
            new ScalarKernels(), "-D" + PROPERTY + "=scalar asks for scalar kernels", false);
      }
      case "auto", "128", "256", "512" -> {}
      default -> {
        return new KernelChoice(
            null,
            "-D" + PROPERTY + " is '" + wanted + "'; use auto, scalar, 128, 256 or 512",
            false);
      }
    }
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return slow(
          "the Vector API is not available; run on the module path, or add"
              + " --add-modules jdk.incubator.vector to the java command");
    }
    String why =
        whyVectorsAreSlow(
            System.getProperty("java.vm.name", ""), System.getProperty("java.vm.info", ""));
    if (why == null) {
      why = whyFusedIsSlow();
    }
    if (wanted.equals("auto") && why != null) {
      return slow(why);
    }
    try {
      String preferred = "the processor's preferred vector width is " + preferredBits() + " bit";
      if (preferredBits() < 128) {
        return slow(preferred + ", too little");
      }
      String reason =
          wanted.equals("auto")
              ? preferred
              : "-D" + PROPERTY + "=" + wanted + " asks for this width, " + preferred;
      return new KernelChoice(
          VectorKernels.create(), why == null ? reason : reason + ", but " + why, why != null);
    } catch (LinkageError e) {
      return slow("the Vector API did not start: " + e);
    }
  }

  private static KernelChoice slow(String reason) {
    return new KernelChoice(new ScalarKernels(), reason, true);
  }
}
