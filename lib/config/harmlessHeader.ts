/**
 * Header names that an operator may let through between browser and API. Servers read `_` as `-`, any case, and fold blanks away, so a name
 * is judged by its letters and digits alone: one that spells an identity, a credential, a forwarding or a hop-by-hop header in any way is
 * refused (the smuggling by `X_Forwarded_User`, CVE-2025-64484). Pure.
 */

/** Of names without their separators: what they are, and what begins so. */
const REFUSED = new Set([
  'host',
  'via',
  'te',
  'trailer',
  'upgrade',
  'connection',
  'keepalive',
  'expect',
  'date',
  'server',
  'origin',
  'referer',
  'range',
  'location',
  'link',
  'refresh',
  'allow',
  'alt',
  'altsvc',
  'age',
  'pragma',
  'expires',
  'vary',
  'wwwauthenticate',
  'authenticationinfo',
  'clearsitedata',
  'remoteuser',
  'remoteaddr',
  'user',
  'destination',
  'depth',
  'overwrite',
  'sourcemap',
  'nel',
  'reportto',
  'xcsrf',
  'xcorrelationid',
  'xuser',
  'xemail',
  'xrealip',
  'xclientip',
  'xclusterclientip',
  'xremoteuser',
  'xremoteaddr',
  'xoriginatingip',
  'xhttpmethod',
  'xmethodoverride',
  'xrewriteurl',
  'xpoweredby',
  'xdnsprefetchcontrol',
  'xframeoptions',
  'xcontenttypeoptions',
  'xxssprotection',
])
const REFUSED_BEGINNINGS =
  /^(authoriz|proxy|cookie|setcookie|forwarded|xforwarded|xoriginal|xenvoy|xauth|xamz|xgoog|xms|xarr|xazure|xfunctions|xsite|xwaws|xappservice|xssl|xclientcert|clientcert|sslclient|xhttpmethod|httpmethod|transfer|content|accesscontrol|sec|strict|crossorigin|permissions|referrer|feature|secure|cfconnecting|cfipcountry|trueclient|fastly|xidentity|xprincipal|xtoken|xaccesstoken|xidtoken|xjwt|xgroups?|xroles?|xpreferred|xwebauth|signature|dpop|accept|cache|etag|service|last|if|retry)/

/** Whether a header of this name may pass: lower-case letters, digits and hyphens, and nothing that says who asks, for whom, or on which way. */
export function isHarmlessHeader(name: string): boolean {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 64) return false
  const bare = name.replaceAll('-', '')
  return !REFUSED.has(bare) && !REFUSED_BEGINNINGS.test(bare)
}
