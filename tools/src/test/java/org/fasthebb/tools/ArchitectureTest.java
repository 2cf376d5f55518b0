package org.fasthebb.tools;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.hebb.HebbianRule;
import org.fasthebb.models.protocol.Method;
import org.junit.jupiter.api.Test;

/** Packages of all modules depend on each other, and on libraries, in one direction only. */
class ArchitectureTest {
  private static final String BASE = "org.fasthebb.";

  /** Most files in a package. */
  private static final int ROOM = 25;

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importLocations(
              Stream.of(Backend.class, HebbianRule.class, Method.class, Main.class)
                  .map(ArchitectureTest::home)
                  .collect(toSet()));

  /** The folder or the jar that a module's classes are in. */
  private static Location home(Class<?> type) {
    try {
      Path place = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(place)
          ? Location.of(place)
          : Location.of(new JarFile(place.toFile()));
    } catch (URISyntaxException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.fasthebb.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void modulesDependOnlyOnThoseBelow() {
    assertOrder(List.of("engine", "hebb", "models", "tools"));
  }

  @Test
  void packagesOfModelsDependOnlyOnEarlierOnes() {
    assertOrder(
        Stream.of(
                "random",
                "linalg",
                "io",
                "onnx",
                "image",
                "data",
                "imagenet",
                "pack",
                "inputs",
                "network",
                "learn",
                "protocol",
                "retrieval",
                "use",
                "distributed")
            .map(room -> "models." + room)
            .toList());
  }

  @Test
  void packagesOfToolsDependOnlyOnEarlierOnes() {
    assertOrder(
        Stream.of(
                "download",
                "console",
                "option",
                "verify",
                "tables",
                "search",
                "report",
                "photos",
                "research",
                "derive",
                "command")
            .map(room -> "tools." + room)
            .toList());
  }

  /** Each of these places, with all inside it, depends on no later one. */
  private static void assertOrder(List<String> places) {
    for (int i = 0; i < places.size() - 1; i++) {
      String[] later =
          places.stream().skip(i + 1).map(place -> BASE + place + "..").toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(BASE + places.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(later)
          .check(CLASSES);
    }
  }

  @Test
  void onlyKernelsUseTheVectorApi() {
    assertOnlyIn("engine.internal.kernels", "jdk.incubator.vector..");
  }

  @Test
  void onlyDownloadsUseTheNetwork() {
    assertOnlyIn("tools.download", "java.net.http..");
  }

  @Test
  void onlyCudaUsesJCuda() {
    assertOnlyIn("engine.internal.cuda..", "jcuda..");
  }

  /** But for a layer, which an embedder without models saves and loads. */
  @Test
  void networksAndRulesDoNotTouchFiles() {
    noClasses()
        .that()
        .resideInAnyPackage(BASE + "hebb..", BASE + "models.network..", BASE + "models.linalg..")
        .and()
        .doNotHaveSimpleName("HebbianLayer")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.io..")
        .check(CLASSES);
  }

  private static void assertOnlyIn(String room, String used) {
    noClasses()
        .that()
        .resideOutsideOfPackage(BASE + room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(used)
        .check(CLASSES);
  }

  @Test
  void simpleNamesAreUnique() {
    Map<String, List<JavaClass>> byName =
        CLASSES.stream()
            .filter(type -> !type.isAnonymousClass() && !type.getSimpleName().isEmpty())
            .filter(type -> !type.getSimpleName().endsWith("-info"))
            .collect(groupingBy(JavaClass::getSimpleName));
    assertTrue(byName.containsKey("Tensor") && byName.containsKey("Method"));
    byName.values().removeIf(types -> types.size() == 1);
    assertEquals(Map.of(), byName);
  }

  @Test
  void packagesHaveFewFiles() {
    CLASSES.stream()
        .filter(type -> type.isTopLevelClass() && !type.getSimpleName().endsWith("-info"))
        .collect(groupingBy(JavaClass::getPackageName))
        .forEach((room, types) -> assertTrue(types.size() <= ROOM, room + " has " + types.size()));
  }
}
