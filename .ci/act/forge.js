// A server with one pull request's comments, as GitHub's API answers: enough for
// the report's job to find, make and update its comment.
//
//     node forge.js PORTFILE COMMENTSFILE
//
// PORTFILE gets the port once it listens; COMMENTSFILE holds the comments, a JSON
// list, after every change.
'use strict'
const fs = require('fs')
const http = require('http')

const [portFile, commentsFile] = process.argv.slice(2)
const login = 'github-actions[bot]'
// Everybody may comment on a public repository: this comment is an outsider's.
const comments = [{ id: 1, body: '<!-- coldstart report: reproduce -->\nmine now', user: { login: 'outsider', type: 'User' } }]

const answer = (response, status, value) => {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(value === undefined ? '' : JSON.stringify(value))
}

const server = http.createServer((request, response) => {
  let body = ''
  request.on('data', part => { body += part })
  request.on('end', () => {
    if (request.headers.authorization !== 'Bearer act-token') return answer(response, 401, { message: 'Bad credentials' })
    const path = request.url.split('?')[0]
    // The token of a workflow may not GET /user; GraphQL knows its bot.
    if (request.method === 'POST' && path === '/graphql') return answer(response, 200, { data: { viewer: { login } } })
    const one = /^\/repos\/coldstart\/coldstart\/issues\/comments\/(\d+)$/.exec(path)
    if (request.method === 'GET' && path === '/repos/coldstart/coldstart/issues/12/comments') return answer(response, 200, comments)
    if (request.method === 'POST' && path === '/repos/coldstart/coldstart/issues/12/comments') {
      const comment = { id: comments.length + 1, body: JSON.parse(body).body, user: { login, type: 'Bot' }, html_url: `https://github.com/coldstart/coldstart/pull/12#issuecomment-${comments.length + 1}` }
      comments.push(comment)
      fs.writeFileSync(commentsFile, JSON.stringify(comments))
      return answer(response, 201, comment)
    }
    const comment = one && comments.find(c => c.id === Number(one[1]))
    if (request.method === 'PATCH' && comment) {
      comment.body = JSON.parse(body).body
      comment.updates = (comment.updates || 0) + 1
      fs.writeFileSync(commentsFile, JSON.stringify(comments))
      return answer(response, 200, comment)
    }
    answer(response, 404, { message: 'Not Found' })
  })
})
server.listen(0, '127.0.0.1', () => fs.writeFileSync(portFile, String(server.address().port)))
