package org.fasthebb.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which packages of the engine may use which others, and which parts of Java. */
class ArchitectureTest {
  private static final String ENGINE = "org.fasthebb.engine";
  private static final String INTERNAL = ENGINE + ".internal";

  /** Most files in a package. */
  private static final int ROOM = 25;

  private static final JavaClasses CLASSES = classes();

  private static JavaClasses classes() {
    try {
      return new ClassFileImporter()
          .importPath(
              Path.of(Backend.class.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("org.fasthebb.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void packagesDependOnlyOnEarlierOnes() {
    List<String> rooms = List.of("runtime", "kernels", "strided", "gemm", "winograd", "cpu");
    for (int i = 0; i < rooms.size(); i++) {
      String[] later =
          Stream.concat(rooms.stream().skip(i + 1), Stream.of("cuda"))
              .map(room -> INTERNAL + "." + room + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(INTERNAL + "." + rooms.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(later)
          .check(CLASSES);
    }
    noClasses()
        .that()
        .resideInAPackage(INTERNAL + ".cuda..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(INTERNAL + ".gemm", INTERNAL + ".winograd", INTERNAL + ".cpu")
        .check(CLASSES);
  }

  @Test
  void exportedPackagesDependOnNothingInternal() {
    noClasses()
        .that()
        .resideInAnyPackage(ENGINE, ENGINE + ".io")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(INTERNAL + "..")
        .check(CLASSES);
  }

  @Test
  void onlyKernelsUseTheVectorApi() {
    assertOnlyIn(List.of(INTERNAL + ".kernels"), "jdk.incubator.vector..");
  }

  @Test
  void onlyCudaUsesJCuda() {
    assertOnlyIn(List.of(INTERNAL + ".cuda.."), "jcuda..");
  }

  @Test
  void onlyCudaAndTensorFilesUseFiles() {
    assertOnlyIn(List.of(INTERNAL + ".cuda..", ENGINE + ".io"), "java.nio.file..");
  }

  @Test
  void nothingUsesTheNetwork() {
    assertOnlyIn(List.of("nowhere"), "java.net..");
  }

  private static void assertOnlyIn(List<String> rooms, String used) {
    noClasses()
        .that()
        .resideOutsideOfPackages(rooms.toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(used)
        .check(CLASSES);
  }

  @Test
  void simpleNamesAreUnique() {
    Map<String, List<JavaClass>> byName =
        CLASSES.stream()
            .filter(type -> !type.isAnonymousClass() && !type.getSimpleName().isEmpty())
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(groupingBy(JavaClass::getSimpleName));
    assertTrue(byName.containsKey("Tensor") && byName.containsKey("MacroKernel"));
    byName.values().removeIf(types -> types.size() == 1);
    assertEquals(Map.of(), byName);
  }

  @Test
  void packagesHaveFewFiles() {
    CLASSES.stream()
        .filter(JavaClass::isTopLevelClass)
        .collect(groupingBy(JavaClass::getPackageName))
        .forEach((name, types) -> assertTrue(types.size() <= ROOM, name + " has " + types.size()));
  }
}
