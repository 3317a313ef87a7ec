metadata description = 'How templates read a setting: as the app does (lib/config/settingsReader.ts), or not at all. A test sends the same spellings through both. A function that gives nothing refuses; whoever calls it fails by the name of the setting.'

var letters = 'abcdefghijklmnopqrstuvwxyz'
var digits = '0123456789'
var space = ' \t\r\n'

func holdsOnly(text string, allowed string) bool =>
  empty(filter(map(range(0, length(text)), at => substring(text, at, 1)), one => !contains(allowed, one)))

// What `trim` and `toLower` make of other scripts is theirs to know; of these characters it is plain.
func isPlain(text string) bool => holdsOnly(text, '${letters}${toUpper(letters)}${digits}${space}-._:/')

func lowered(text string) string => isPlain(text) ? toLower(trim(text)) : ''

@export()
@description('Whether nothing was set: no character but the white space that a keyboard makes.')
func isBlank(text string?) bool => holdsOnly(text ?? '', space)

@export()
@description('What was read of a setting; nothing where nothing was set. Fails by the name of one that was set and cannot be read.')
func checked(name string, given string?, read string) string =>
  isBlank(given) || !empty(read)
    ? read
    : fail('${name} cannot be read; README.md says under "Settings" what it has to be.')

@export()
@description('True or false, in any case; null for anything else.')
func flagIn(text string, whenBlank bool) bool? =>
  isBlank(text) ? whenBlank : ({ 'true': true, 'false': false }[?lowered(text)])

@export()
@description('One of a few words, or of a few lists of them; empty for any other.')
func wordIn(text string, words string[]) string =>
  holdsOnly(text, '${letters}${space}-,') && contains(words, trim(text)) ? trim(text) : ''

@export()
@description('A GUID in lower case, or empty.')
func guidIn(text string) string => isGuid(split(lowered(text), '-')) ? lowered(text) : ''

func isGuid(parts string[]) bool =>
  join(map(parts, part => string(length(part))), '-') == '8-4-4-4-12' && holdsOnly(
    join(parts, ''),
    '${digits}abcdef'
  )

@export()
@description('A tenant: its GUID, or "organizations"; else empty.')
func tenantIn(text string) string => lowered(text) == 'organizations' ? 'organizations' : guidIn(text)

@export()
@description('Scheme, host and port of an https address, as browsers compare them; empty for anything else, a path included.')
func originIn(text string) string =>
  startsWith(lowered(text), 'https://') ? originOf(split(substring(lowered(text), 8), '/')) : ''

// Slashes at the end leave empty parts.
func originOf(parts string[]) string =>
  empty(join(skip(parts, 1), '')) && isAuthority(split(parts[0], ':'))
    ? 'https://${withoutDefaultPort(split(parts[0], ':'))}'
    : ''

@export()
@description('The path that all routes lie below, such as /api: lower-case letters, digits and hyphens, no slash at its end; empty for anything else.')
func basePathIn(text string) string =>
  startsWith(trim(text), '/') && holdsOnly(text, '${letters}${digits}${space}-/') && isBasePath(skip(
      split(trim(text), '/'),
      1
    ))
    ? trim(text)
    : ''

// What begins with admin or runtime is the host's own.
func isBasePath(segments string[]) bool =>
  empty(filter(
    segments,
    one => empty(one) || startsWith(one, '-') || endsWith(one, '-') || !holdsOnly(one, '${letters}${digits}-')
  )) && !startsWith(segments[0], 'admin') && !startsWith(segments[0], 'runtime')

func isAuthority(parts string[]) bool =>
  length(parts) <= 2 && isHost(split(parts[0], '.')) && isPort(parts[?1] ?? '443')

// A host whose last label is a number is an IPv4 address, of which there are many spellings.
func isHost(labels string[]) bool =>
  empty(filter(labels, label => !isLabel(label))) && !holdsOnly(labels[^1], digits) && !startsWith(
    labels[^1],
    '0x'
  )

func isLabel(text string) bool =>
  !empty(text) && holdsOnly(text, '${letters}${digits}_-') && !startsWith(text, '-') && !endsWith(text, '-')

func isPort(text string) bool =>
  !empty(text) && length(text) <= 5 && holdsOnly(text, digits) && !startsWith(text, '0') && int(text) <= 65535

func withoutDefaultPort(parts string[]) string => (parts[?1] ?? '443') == '443' ? parts[0] : join(parts, ':')
