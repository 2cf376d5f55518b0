package org.fasthebb.engine.internal.cuda.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where Python keeps its packages, which often hold the only copy of CUDA's libraries: those of the
 * active environment, of the first python3 on PATH, of the user and of the system. Python is not
 * started.
 */
final class PythonPackages {
  /** As many links in a row as Linux follows. */
  private static final int MOST_HOPS = 40;

  private final Surroundings here;
  private final Set<Path> folders = new LinkedHashSet<>();

  private PythonPackages(Surroundings here) {
    this.here = here;
  }

  /** Folders of packages that exist, in the order of their use. */
  static List<Path> folders(Surroundings here) {
    PythonPackages packages = new PythonPackages(here);
    here.variable("VIRTUAL_ENV").map(here::path).ifPresent(packages::addPrefix);
    here.variable("CONDA_PREFIX").map(here::path).ifPresent(packages::addPrefix);
    packages.pythonOnPath().ifPresent(packages::addInterpreter);
    here.variable("HOME")
        .map(here::path)
        .ifPresent(home -> packages.addPrefix(home.resolve(".local")));
    packages.addPrefix(here.path("/usr/local"));
    packages.addPrefix(here.path("/usr"));
    return List.copyOf(packages.folders);
  }

  private Optional<Path> pythonOnPath() {
    return here.folders("PATH").stream()
        .map(folder -> folder.resolve("python3"))
        .filter(Files::exists)
        .findFirst();
  }

  private void addInterpreter(Path python) {
    Path bin = python.getParent();
    if (bin.endsWith("shims")) {
      addPyenv(bin.getParent());
    }
    addPrefix(bin.getParent());
    try {
      // A link may lead to the python3 of an environment, which is itself a link to the system's.
      Path link = python;
      for (int hops = 0; hops < MOST_HOPS && Files.isSymbolicLink(link); hops++) {
        Path target = link.getParent().toRealPath().resolve(Files.readSymbolicLink(link));
        link = target.getParent().toRealPath().resolve(target.getFileName());
        addPrefix(link.getParent().getParent());
      }
    } catch (IOException e) {
      // The file is gone, or a loop of links: there is no other prefix to add.
    }
  }

  /** pyenv's python3 is a script that looks into a file for the version to start. */
  private void addPyenv(Path pyenv) {
    try {
      for (String version : Files.readAllLines(pyenv.resolve("version"))) {
        addPrefix(pyenv.resolve("versions").resolve(version.strip()));
      }
    } catch (IOException e) {
      // No version was chosen: the interpreters found in other ways remain.
    }
  }

  /** Adds the packages of an installation with the folders bin and lib. */
  private void addPrefix(Path prefix) {
    if (prefix == null) { // of an interpreter that lies in the root
      return;
    }
    for (String lib : List.of("lib", "lib64")) {
      for (Path python : Surroundings.list(prefix.resolve(lib), "python3*")) {
        for (String packages : List.of("site-packages", "dist-packages")) {
          if (Files.isDirectory(python.resolve(packages))) {
            folders.add(python.resolve(packages));
          }
        }
      }
    }
  }
}
