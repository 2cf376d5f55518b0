package org.fasthebb.engine.internal.cuda.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Looks for an NVIDIA driver with a usable GPU. It uses no class of JCuda: where there is no
 * driver, those would fail for the rest of the process.
 *
 * <p>The driver's library is the file that the system property {@code fasthebb.cuda.driver} names,
 * or libcuda.so.1 in the folders of LD_LIBRARY_PATH, in the usual ones, or where the dynamic linker
 * looks. It stays open, so that JCuda's native library uses the same driver.
 */
public final class DriverProbe {
  /** Names the driver's library, an absolute path. */
  static final String PROPERTY = "fasthebb.cuda.driver";

  private static final String LIBRARY = "libcuda.so.1";
  private static final int OLDEST_VERSION = 12000;

  /** Where distributions, containers and WSL put it. */
  private static final List<String> FOLDERS =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/usr/local/nvidia/lib64",
          "/usr/local/cuda/compat",
          "/usr/lib/wsl/lib",
          "/run/opengl-driver/lib");

  private DriverProbe() {}

  /** The driver of this machine, searched for once; never throws. */
  public static FoundDriver driver() {
    return DriverHolder.DRIVER;
  }

  private static final class DriverHolder {
    private static final FoundDriver DRIVER = probe(Surroundings.actual());
  }

  /** The driver in the given surroundings; never throws. */
  static FoundDriver probe(Surroundings here) {
    try {
      String system = here.property("os.name").orElse("an unknown system");
      if (!system.equals("Linux")) {
        return unusable(DriverProblem.otherSystem(system));
      }
      String processor = here.property("os.arch").orElse("an unknown processor");
      return processor.equals("amd64")
          ? search(here)
          : unusable(DriverProblem.otherProcessor(processor));
    } catch (IllegalCallerException e) {
      return unusable(DriverProblem.nativeAccess());
    } catch (RuntimeException | LinkageError e) {
      return unusable(
          e.getCause() instanceof IllegalCallerException
              ? DriverProblem.nativeAccess()
              : DriverProblem.unexpected(e));
    }
  }

  private static FoundDriver search(Surroundings here) {
    String named = here.property(PROPERTY).orElse(null);
    if (named != null) {
      try {
        return ask(NativeLibrary.open(here.path(named).toString()), here);
      } catch (IllegalStateException e) {
        return unusable(DriverProblem.named(e.getMessage()));
      }
    }
    String firstFailure = null;
    for (String file : candidates(here)) {
      NativeLibrary library;
      try {
        library = NativeLibrary.open(file);
      } catch (IllegalStateException e) {
        // The library may be for another kind of processor, say. That the bare name is not found
        // says nothing.
        firstFailure = firstFailure != null || file.equals(LIBRARY) ? firstFailure : e.getMessage();
        continue;
      }
      return ask(library, here);
    }
    return unusable(
        firstFailure == null ? DriverProblem.absent() : DriverProblem.broken(firstFailure));
  }

  private static List<String> candidates(Surroundings here) {
    List<Path> folders = new ArrayList<>(here.folders("LD_LIBRARY_PATH"));
    FOLDERS.forEach(folder -> folders.add(here.path(folder)));
    List<String> files = new ArrayList<>();
    for (Path folder : folders) {
      Path file = folder.resolve(LIBRARY);
      if (Files.exists(file)) {
        files.add(file.toString());
      }
    }
    files.add(LIBRARY);
    return files;
  }

  private static FoundDriver ask(NativeLibrary library, Surroundings here) {
    DriverLibrary driver = new DriverLibrary(library);
    int status = driver.start();
    int version = driver.version();
    if (status != 0) {
      return new FoundDriver(
          library.file(), version, List.of(), DriverProblem.start(status, library.file(), here));
    }
    List<FoundDevice> devices =
        IntStream.range(0, driver.devices()).mapToObj(driver::device).toList();
    return new FoundDriver(library.file(), version, devices, problem(version, devices, here));
  }

  private static String problem(int version, List<FoundDevice> devices, Surroundings here) {
    if (version < OLDEST_VERSION) {
      return DriverProblem.oldDriver(version);
    }
    if (devices.isEmpty()) {
      return DriverProblem.noDevice(here);
    }
    return devices.stream().anyMatch(FoundDevice::fits) ? null : DriverProblem.oldDevices(devices);
  }

  private static FoundDriver unusable(String problem) {
    return new FoundDriver(null, 0, List.of(), problem);
  }
}
