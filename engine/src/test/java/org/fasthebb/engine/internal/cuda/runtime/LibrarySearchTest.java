package org.fasthebb.engine.internal.cuda.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
  private static final int DRIVER_13_0 = 13000;
  private static final int DRIVER_12_4 = 12040;

  @TempDir Path root;
  private FakeMachine machine;

  @BeforeEach
  void bareMachine() {
    machine = new FakeMachine(root);
  }

  private List<FoundLibrary> find(int driver) {
    return LibrarySearch.find(machine.surroundings(), "cublas", driver);
  }

  /** Files found in folders, as seen from the fake root. */
  private List<String> files(int driver) {
    return find(driver).stream()
        .map(FoundLibrary::file)
        .filter(file -> file.contains("/"))
        .map(file -> file.substring(root.toString().length()))
        .toList();
  }

  @Test
  void onlyBareNamesRemainOnAnEmptyMachine() {
    assertEquals(
        List.of("libcublas.so.13", "libcublas.so.12"),
        find(DRIVER_13_0).stream().map(FoundLibrary::file).toList());
    assertEquals(
        List.of("libcublas.so.12"), find(DRIVER_12_4).stream().map(FoundLibrary::file).toList());
  }

  @Test
  void toolkitsComeNewestFirstAndEachFileOnce() {
    machine.file("/usr/local/cuda-12.10/targets/x86_64-linux/lib/libcublas.so.12.10.0.1");
    machine.link(
        "/usr/local/cuda-12.10/targets/x86_64-linux/lib/libcublas.so.12", "libcublas.so.12.10.0.1");
    machine.link("/usr/local/cuda-12.10/lib64", "targets/x86_64-linux/lib");
    machine.file("/usr/local/cuda-12.9/lib64/libcublas.so.12");
    machine.file("/usr/local/cuda-13.0/lib64/libcublas.so.13");
    machine.link("/usr/local/cuda", "cuda-12.9");
    assertEquals(
        List.of(
            "/usr/local/cuda-13.0/lib64/libcublas.so.13",
            "/usr/local/cuda-12.10/lib64/libcublas.so.12",
            "/usr/local/cuda-12.9/lib64/libcublas.so.12"),
        files(DRIVER_13_0));
  }

  @Test
  void foldersAreSearchedInTheOrderOfTheText() {
    machine.file("/usr/lib/x86_64-linux-gnu/libcublas.so.12");
    machine.file("/usr/local/cuda-12.6/lib64/libcublas.so.12");
    machine.file("/home/b/lib/libcublas.so.12");
    machine.file("/home/a/lib/libcublas.so.12");
    machine.file("/opt/toolkit/lib64/libcublas.so.12");
    machine.file("/opt/older/lib/libcublas.so.12");
    machine.file("/usr/local/lib/python3.11/dist-packages/nvidia/cublas/lib/libcublas.so.12");
    machine.variable("LD_LIBRARY_PATH", "/home/b/lib::/none:/home/a/lib");
    machine.variable("CUDA_PATH", "/opt/toolkit").variable("CUDA_HOME", "/opt/older");
    assertEquals(
        List.of(
            "/home/b/lib/libcublas.so.12",
            "/home/a/lib/libcublas.so.12",
            "/opt/toolkit/lib64/libcublas.so.12",
            "/opt/older/lib/libcublas.so.12",
            "/usr/local/cuda-12.6/lib64/libcublas.so.12",
            "/usr/lib/x86_64-linux-gnu/libcublas.so.12",
            "/usr/local/lib/python3.11/dist-packages/nvidia/cublas/lib/libcublas.so.12"),
        files(DRIVER_13_0));
  }

  @Test
  void pythonPackagesOfTheActiveEnvironmentComeFirst() {
    String wheel12 = "/nvidia/cublas/lib/libcublas.so.12";
    String wheel13 = "/nvidia/cu13/lib/libcublas.so.13";
    machine.file("/usr/lib/python3/dist-packages" + wheel12);
    machine.file("/home/me/.local/lib/python3.12/site-packages" + wheel12);
    machine.file("/opt/python/3.12/lib/python3.12/site-packages" + wheel13);
    machine.file("/opt/python/3.12/bin/python3.12");
    machine.link("/home/me/bin/python3", "../../../opt/python/3.12/bin/python3.12");
    machine.file("/home/me/venv/lib/python3.9/site-packages" + wheel12);
    machine.file("/home/me/venv/lib/python3.10/site-packages" + wheel12);
    machine.file("/home/me/venv/lib/python3.10/site-packages" + wheel13);
    machine.variable("VIRTUAL_ENV", "/home/me/venv").variable("HOME", "/home/me");
    machine.variable("PATH", "/bin:/home/me/bin");
    assertEquals(
        List.of(
            "/home/me/venv/lib/python3.10/site-packages" + wheel13,
            "/opt/python/3.12/lib/python3.12/site-packages" + wheel13,
            "/home/me/venv/lib/python3.10/site-packages" + wheel12,
            "/home/me/venv/lib/python3.9/site-packages" + wheel12,
            "/home/me/.local/lib/python3.12/site-packages" + wheel12,
            "/usr/lib/python3/dist-packages" + wheel12),
        files(DRIVER_13_0));
  }

  @Test
  void linksToPythonAreFollowedHopByHop() {
    String wheel = "/lib/python3.12/site-packages/nvidia/cublas/lib/libcublas.so.12";
    machine.file("/home/me/venv" + wheel);
    machine.file("/opt/python" + wheel);
    machine.file("/usr/bin/python3.12");
    machine.link("/opt/python/bin/python3", "../../../usr/bin/python3.12");
    machine.link("/home/me/venv/bin/python3", "../../../../opt/python/bin/python3");
    machine.link("/home/me/bin/py", "../venv/bin/python3");
    machine.link("/home/me/bin/python3", "py");
    machine.variable("PATH", "/home/me/bin");
    assertEquals(List.of("/home/me/venv" + wheel, "/opt/python" + wheel), files(DRIVER_13_0));
  }

  @Test
  void loopOfLinksAndPythonInTheRootAreNoFailure() {
    machine.link("/home/me/bin/python3", "python3");
    machine.file("/python3");
    machine.variable("PATH", "/home/me/bin:/");
    assertEquals(List.of(), files(DRIVER_13_0));
  }

  @Test
  void condaKeepsLibrariesInItsOwnFolder() {
    machine.file("/opt/conda/lib/libcublas.so.12");
    machine.variable("CONDA_PREFIX", "/opt/conda");
    assertEquals(List.of("/opt/conda/lib/libcublas.so.12"), files(DRIVER_13_0));
  }

  @Test
  void newestMajorVersionComesFirstWhateverItsFolder() {
    machine.file("/home/a/lib/libcublas.so.12");
    machine.file("/usr/local/cuda-12.6/lib64/libcublas.so.12");
    machine.file("/usr/lib64/libcublas.so.13");
    machine.variable("LD_LIBRARY_PATH", "/home/a/lib");
    assertEquals(
        List.of(
            "/usr/lib64/libcublas.so.13",
            "/home/a/lib/libcublas.so.12",
            "/usr/local/cuda-12.6/lib64/libcublas.so.12"),
        files(DRIVER_13_0));
  }

  @Test
  void shimsLeadToTheVersionOfPythonThatWasChosen() throws IOException {
    machine.file("/home/me/.pyenv/shims/python3");
    Files.writeString(Path.of(machine.file("/home/me/.pyenv/version")), "3.12.1\n");
    String packages = "/home/me/.pyenv/versions/3.12.1/lib/python3.12/site-packages";
    machine.file(packages + "/nvidia/cublas/lib/libcublas.so.12");
    machine.variable("PATH", "/home/me/.pyenv/shims");
    assertEquals(List.of(packages + "/nvidia/cublas/lib/libcublas.so.12"), files(DRIVER_13_0));
  }

  @Test
  void versionsThatDoNotFitAreRefusedWithTheReason() {
    machine.file("/usr/local/cuda-13.0/lib64/libcublas.so.13");
    machine.file("/usr/local/cuda-12.0/lib64/libcublas.so.12");
    machine.file("/usr/local/cuda-11.8/lib64/libcublas.so.11");
    assertEquals(
        List.of(
            "needs a driver for CUDA 13, this one is for 12.4",
            "null",
            "is for CUDA 11, and 12 or 13 is needed",
            "null"),
        find(DRIVER_12_4).stream().map(found -> "" + found.refusal()).toList());
  }

  @Test
  void propertyNamesTheOnlyLibraryToTry() {
    machine.file("/usr/local/cuda-13.0/lib64/libcublas.so.13");
    String file = machine.file("/somewhere/libcublas.so.12");
    machine.property("fasthebb.cublas", "/somewhere/libcublas.so.12");
    assertEquals(List.of(new FoundLibrary(file, 12, null)), find(DRIVER_12_4));
    machine.property("fasthebb.cublas", "/somewhere/libmine.so");
    String mine = machine.file("/somewhere/libmine.so");
    assertEquals(List.of(new FoundLibrary(mine, 0, null)), find(DRIVER_12_4));
    machine.property("fasthebb.cublas", "/nowhere/libcublas.so.12");
    assertEquals(
        "there is no such file; correct -Dfasthebb.cublas", find(DRIVER_12_4).getFirst().refusal());
    machine.property("fasthebb.cublas", "none");
    assertEquals(List.of(), find(DRIVER_12_4));
  }

  /**
   * Chooses where only files open whose name ends in {@code opens}, and notes all that were tried.
   */
  private LibraryChoice choose(String opens, List<String> tried) {
    NativeLibrary library = NativeLibrary.open("libc.so.6");
    return LibraryChoice.choose(
        machine.surroundings(),
        "cublas",
        DRIVER_12_4,
        file -> {
          tried.add(file);
          if (!file.endsWith(opens)) {
            throw new IllegalStateException(file + " does not load: wrong ELF class");
          }
          return library;
        });
  }

  @Test
  void firstLibraryThatLoadsIsChosen() {
    String broken = machine.file("/usr/local/cuda-12.6/lib64/libcublas.so.12");
    String good = machine.file("/usr/local/cuda-12.4/lib64/libcublas.so.12");
    String spare = machine.file("/usr/lib64/libcublas.so.12");
    List<String> tried = new ArrayList<>();
    LibraryChoice choice = choose("cuda-12.4/lib64/libcublas.so.12", tried);
    assertEquals(List.of(broken, good), tried);
    assertNull(choice.problem());
    assertEquals(
        List.of(broken, good, spare), choice.found().stream().map(FoundLibrary::file).toList());
    assertFalse(choice.found().get(0).accepted());
    assertTrue(choice.found().get(1).accepted());
  }

  @Test
  void bareNameIsFoundOnlyWhereTheDynamicLinkerKnowsIt() {
    assertEquals(
        List.of(new FoundLibrary("libcublas.so.12", 12, null)),
        choose("libcublas.so.12", new ArrayList<>()).found());
    assertEquals(List.of(), choose("nothing", new ArrayList<>()).found());
  }

  @Test
  void oneSentenceSaysWhyThereIsNone() {
    String remedy =
        "; install CUDA 12 or Python's package nvidia-cublas-cu12, or name the file with"
            + " -Dfasthebb.cublas";
    assertEquals(
        "libcublas was not found" + remedy, choose("nothing", new ArrayList<>()).problem());
    String refused = machine.file("/usr/local/cuda-13.0/lib64/libcublas.so.13");
    assertEquals(
        "no libcublas can be used ("
            + refused
            + " needs a driver for CUDA 13, this one is for 12.4)"
            + remedy,
        choose("nothing", new ArrayList<>()).problem());
    String broken = machine.file("/usr/lib64/libcublas.so.12");
    machine.property("fasthebb.cublas", "/usr/lib64/libcublas.so.12");
    assertEquals(
        "no libcublas can be used (" + broken + " does not load: wrong ELF class)" + remedy,
        choose("nothing", new ArrayList<>()).problem());
    machine.property("fasthebb.cublas", "none");
    assertEquals(
        "-Dfasthebb.cublas=none asks to do without libcublas",
        choose("nothing", new ArrayList<>()).problem());
  }
}
