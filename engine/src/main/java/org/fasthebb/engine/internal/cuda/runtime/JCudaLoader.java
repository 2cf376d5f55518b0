package org.fasthebb.engine.internal.cuda.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Initialises classes of JCuda. By itself, JCuda unpacks its native part to a file of a fixed name
 * in the folder for temporary files, and loads whatever file already has that name. So its native
 * part is unpacked here, to a new folder that is deleted after loading.
 */
public final class JCudaLoader {
  private static final String VERSION = "12.6.0";
  private static final String FOLDER = "java.io.tmpdir";

  private JCudaLoader() {}

  /** The class that calls the driver. */
  public static void loadDriver() {
    load("jcuda.driver.JCudaDriver", "JCudaDriver");
  }

  /**
   * Initialises a class.
   *
   * @param library its native part, as in {@code libJCudaDriver-12.6.0-linux-x86_64.so}
   * @throws IllegalStateException in one sentence, if JCuda or its native part is absent or fails
   */
  public static synchronized void load(String name, String library) {
    ClassLoader loader = JCudaLoader.class.getClassLoader();
    String file = "lib" + library + "-" + VERSION + "-linux-" + architecture() + ".so";
    try (InputStream resource = loader.getResourceAsStream("lib/" + file)) {
      Class<?> found = Class.forName(name, false, loader);
      JCudaLoader.class.getModule().addReads(found.getModule()); // on the class path it is in none
      if (resource == null) {
        throw new IllegalStateException(
            "there is no "
                + file
                + "; add the jar org.jcuda:jcuda-natives:"
                + VERSION
                + " for this system to the module path or class path");
      }
      loadFrom(resource, file, name, loader);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "JCuda is absent; add the jars org.jcuda:jcuda and jcuda-natives, "
              + VERSION
              + ", to the class path, or to the module path with --add-modules jcuda",
          e);
    } catch (IOException e) {
      throw new IllegalStateException("cannot unpack " + file + " (" + e + ")", e);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "JCuda's " + file + " does not load: " + e.toString().lines().findFirst().orElse(""), e);
    }
  }

  private static void loadFrom(InputStream resource, String file, String name, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    Path folder = Files.createTempDirectory("fasthebb");
    String before = System.getProperty(FOLDER);
    try {
      Files.copy(resource, folder.resolve(file));
      System.setProperty(FOLDER, folder.toString());
      Class.forName(name, true, loader);
    } finally {
      System.setProperty(FOLDER, before);
      Files.deleteIfExists(folder.resolve(file)); // once loaded it needs no name
      Files.deleteIfExists(folder);
    }
  }

  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }
}
